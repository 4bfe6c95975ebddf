/* Steps that a reader ticks off. The ticks stay in this browser; without this script no box is shown. */
(function () {
  "use strict";
  const root = document.querySelector("[data-ticks]");
  const note = document.querySelector(".steps-note");
  if (!root || !note) return;
  const key = "parvis.steps." + root.dataset.ticks;

  let ticked;
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "[]");
    ticked = new Set(Array.isArray(kept) ? kept : []);
    localStorage.setItem(key + ".try", "1");
    localStorage.removeItem(key + ".try");
  } catch {
    return; // nothing can be kept here: a tick that is gone at the next visit would mislead
  }

  const status = note.querySelector("[role=status]");
  const boxes = [];

  // A step is known by its words, so that a tick stays with it when others are added, and goes when it is rewritten.
  const seen = {};
  root.querySelectorAll(".steps__item").forEach(function (step) {
    const title = step.querySelector(".steps__title");
    if (!title) return;
    const words = title.textContent.trim().replace(/\s+/g, " ");
    seen[words] = (seen[words] || 0) + 1;
    const name = seen[words] > 1 ? words + " " + seen[words] : words;

    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = ticked.has(name);
    const of = document.createElement("span");
    of.className = "visually-hidden";
    of.textContent = " : " + words;
    const label = document.createElement("label");
    label.className = "steps__tick";
    label.append(box, root.dataset.done, of);
    step.append(label);
    boxes.push({ box, name, step });

    box.addEventListener("change", function () {
      if (box.checked) ticked.add(name);
      else ticked.delete(name);
      show();
    });
  });
  if (!boxes.length) return;

  function show() {
    const names = boxes.filter((one) => one.box.checked).map((one) => one.name);
    boxes.forEach((one) => one.step.classList.toggle("steps__item--done", one.box.checked));
    status.textContent = root.dataset.progress.replace("{done}", names.length).replace("{all}", boxes.length);
    try {
      if (names.length) localStorage.setItem(key, JSON.stringify(names));
      else localStorage.removeItem(key);
    } catch {
      /* full, or forbidden since: the ticks hold until the page is left */
    }
  }

  note.querySelector("button").addEventListener("click", function () {
    ticked.clear();
    boxes.forEach((one) => { one.box.checked = false; });
    show();
    boxes[0].box.focus();
  });
  note.hidden = false;
  show();
})();
