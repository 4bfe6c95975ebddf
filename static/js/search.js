/* Suggestions under the search box, a combobox driven by the keyboard. Recent searches stay in this browser. */
(function () {
  "use strict";
  const KEY = "parvis.searches";
  const MOST = 5;
  const boxes = document.querySelectorAll("form[data-suggestions]");

  function recent() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
    } catch {
      return [];
    }
  }

  function keep(texts) {
    try {
      if (texts.length) localStorage.setItem(KEY, JSON.stringify(texts.slice(0, MOST)));
      else localStorage.removeItem(KEY);
    } catch {
      /* nothing can be kept here */
    }
  }

  boxes.forEach(function (form) {
    const input = form.querySelector("input[type=search]");
    const list = document.createElement("div");
    const status = document.createElement("p");
    list.id = input.id + "-suggestions";
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector("label").textContent);
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    form.append(list, status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let options = [];
    let at = -1;
    let timer = 0;
    let asked = null;

    function close() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(index) {
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
      at = index;
      if (index < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }

    function show(groups) {
      list.replaceChildren();
      options = [];
      groups.forEach(function (group, number) {
        const box = document.createElement("div");
        const label = document.createElement("div");
        label.id = list.id + "-group-" + number;
        label.className = "suggestions__group";
        label.textContent = group.label;
        box.setAttribute("role", "group");
        box.setAttribute("aria-labelledby", label.id);
        box.append(label);
        group.items.forEach(function (item) {
          const option = document.createElement("div");
          option.id = list.id + "-" + options.length;
          option.className = "suggestions__item";
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          if (item.language) option.lang = item.language;
          option.textContent = item.title;
          option.follow = item.follow || (() => location.assign(item.url));
          option.addEventListener("pointerdown", (event) => event.preventDefault());
          option.addEventListener("click", option.follow);
          options.push(option);
          box.append(option);
        });
        list.append(box);
      });
      list.hidden = !options.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      choose(-1);
    }

    function offerRecent() {
      const texts = recent();
      if (!texts.length) {
        close();
        return;
      }
      const items = texts.map((text) => ({
        title: text,
        follow: function () {
          input.value = text;
          form.requestSubmit();
        },
      }));
      items.push({
        title: form.dataset.forget,
        follow: function () {
          keep([]);
          close();
        },
      });
      show([{ label: form.dataset.recent, items }]);
    }

    function ask() {
      const text = input.value.trim();
      if (asked) asked.abort();
      if (text.length < 2) {
        offerRecent();
        return;
      }
      asked = new AbortController();
      fetch(form.dataset.suggestions + "?q=" + encodeURIComponent(text), { signal: asked.signal, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : { groups: [] }))
        .then(function (said) {
          if (input.value.trim() !== text || document.activeElement !== input) return;
          show(said.groups);
          status.textContent = options.length
            ? form.dataset.some.replace("{count}", options.length)
            : form.dataset.none;
        })
        .catch(() => {});
    }

    input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, 150);
    });
    input.addEventListener("focus", function () {
      if (!input.value.trim()) offerRecent();
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) {
          ask();
          return;
        }
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = at + step;
        choose(next >= options.length ? -1 : next < -1 ? options.length - 1 : next);
      } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
        event.preventDefault();
        options[at].follow();
      }
    });
    form.addEventListener("submit", function () {
      const text = input.value.trim();
      if (text) keep([text, ...recent().filter((one) => one !== text)]);
    });
  });

  // That something was opened, of nobody: what readers find and do not want is shown to editors.
  document.addEventListener("click", function (event) {
    const link = event.target instanceof Element && event.target.closest("a");
    const list = link && !link.closest("[data-discreet]") && link.closest("[data-opened]");
    if (list && navigator.sendBeacon) {
      navigator.sendBeacon(list.dataset.opened, new URLSearchParams({ q: list.dataset.query }));
    }
  });

  document.addEventListener("keydown", function (event) {
    const inText = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !inText && !event.ctrlKey && !event.metaKey && !event.altKey;
    const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!slash && !control) return;
    const input = document.querySelector("#q-page") || document.querySelector("form[data-suggestions] input");
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
