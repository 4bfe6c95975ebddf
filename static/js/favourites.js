// Stars without leaving the page, and favourites ordered by drag or by arrow keys. Without this script both are forms.
(() => {
  const send = (action, fields) => {
    const said = new FormData();
    for (const [name, value] of Object.entries(fields)) said.append(name, value);
    return fetch(action, { method: "POST", body: said, headers: { "HX-Request": "true" }, redirect: "error" });
  };

  document.addEventListener("submit", (event) => {
    const star = event.submitter;
    if (event.defaultPrevented || event.target.id !== "stars" || !star?.classList.contains("star")) return;
    event.preventDefault();
    if (star.dataset.sent) return; // one answer at a time
    star.dataset.sent = "yes";
    const token = event.target.elements.csrfmiddlewaretoken.value;
    const kept = star.name === "keep";
    send(event.target.action, { csrfmiddlewaretoken: token, [star.name]: star.value }).then(
      (answer) => {
        delete star.dataset.sent;
        if (!answer.ok) return plainly(event.target, star);
        for (const same of document.querySelectorAll(`.star[value="${star.value}"]`)) {
          same.name = kept ? "remove" : "keep";
          same.setAttribute("aria-pressed", kept);
        }
      },
      () => plainly(event.target, star),
    );
  });

  // The page that answers a form says what is wrong: too many, no session any more.
  const plainly = (form, star) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: star.name, value: star.value });
    form.append(field);
    form.submit();
  };

  const list = document.querySelector("[data-favourites]");
  const form = document.getElementById("favourites-order");
  if (!list || !form) return;
  const said = document.querySelector("[data-favourites-said]");
  const keys = () => [...list.children].map((item) => item.dataset.key).join(",");
  let sent = keys();
  let timer;

  const save = () => {
    clearTimeout(timer);
    const order = keys();
    if (order === sent) return;
    sent = order;
    const token = form.elements.csrfmiddlewaretoken.value;
    send(form.action, { csrfmiddlewaretoken: token, order }).then(
      (answer) => answer.ok || location.reload(),
      () => location.reload(),
    );
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, 600);
  };
  addEventListener("pagehide", save);

  const settle = (item) => {
    const all = [...list.children];
    all.forEach((one, place) => {
      one.querySelector("[name=up]").disabled = place === 0;
      one.querySelector("[name=down]").disabled = place === all.length - 1;
    });
    const place = all.indexOf(item) + 1;
    said.textContent = list.dataset.moved.replace("{place}", place).replace("{all}", all.length);
  };

  // Move one place; whoever moves by keyboard keeps the focus where it was.
  const step = (item, by) => {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (by < 0) other.before(item);
    else other.after(item);
    settle(item);
    if (item.contains(focused)) (focused.disabled ? item.querySelector(".favourites__grip") : focused).focus();
    soon();
  };

  list.addEventListener("keydown", (event) => {
    if (!event.target.closest(".favourites__grip")) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(event.target.closest("li"), by);
  });

  form.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    step(event.submitter.closest("li"), event.submitter.name === "up" ? -1 : 1);
  });

  for (const grip of list.querySelectorAll(".favourites__grip")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const item = grip.closest("li");
      grip.setPointerCapture(event.pointerId);
      item.classList.add("favourites__item--held");

      // The others go round the one that is held: moved itself, it would let go of the pointer.
      const follow = (moved) => {
        const middle = (one) => one.getBoundingClientRect().top + one.offsetHeight / 2;
        const above = () => item.previousElementSibling;
        const below = () => item.nextElementSibling;
        while (above() && moved.clientY < middle(above())) item.after(above());
        while (below() && moved.clientY > middle(below())) item.before(below());
      };
      const release = () => {
        grip.removeEventListener("pointermove", follow);
        item.classList.remove("favourites__item--held");
        settle(item);
        save();
      };
      grip.addEventListener("pointermove", follow);
      grip.addEventListener("lostpointercapture", release, { once: true });
    });
  }
})();
