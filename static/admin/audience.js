// In the admin: reads back the audiences chosen for a page, and counts who matches a rule, as the form changes.
(() => {
  const later = (call) => {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(call, 300);
    };
  };

  const ask = async (address, pairs, show) => {
    const query = new URLSearchParams(pairs);
    const answer = await fetch(`${address}?${query}`, { credentials: "same-origin" });
    if (answer.ok) show(await answer.json());
  };

  const followAudiences = (place) => {
    const form = place.closest("form");
    const read = later(() => {
      const data = new FormData(form);
      const pairs = data.getAll("audiences").map((pk) => ["audiences", pk]);
      pairs.push(["access", data.get("access") || ""]);
      ask(place.dataset.audienceSentence, pairs, (said) => {
        place.textContent = said.sentence;
      });
    });
    form.addEventListener("change", (event) => {
      if (["access", "audiences"].includes(event.target.name)) read();
    });
  };

  const followRule = (place) => {
    const form = place.closest("form");
    const count = later(() => {
      const pairs = [];
      for (const row of form.querySelectorAll('[name^="conditions-"][name$="-attribute"]')) {
        const prefix = row.name.slice(0, -"attribute".length);
        const removed = form.elements[`${prefix}DELETE`];
        if (prefix.includes("__prefix__") || (removed && removed.value)) continue;
        for (const field of ["attribute", "operator", "values"]) {
          pairs.push([field, form.elements[prefix + field].value]);
        }
      }
      ask(place.dataset.ruleCount, pairs, (said) => {
        place.textContent = said.sentence;
        suggest(form, said.values);
      });
    });
    form.addEventListener("input", count);
    form.addEventListener("click", count);
    count();
  };

  // Offers the values that known readers have, beside each row.
  const suggest = (form, values) => {
    for (const [attribute, found] of Object.entries(values)) {
      const id = `values-of-${attribute}`;
      let list = document.getElementById(id);
      if (!list) {
        list = document.createElement("datalist");
        list.id = id;
        form.append(list);
      }
      list.replaceChildren(...found.map((value) => new Option(value, value)));
    }
    for (const row of form.querySelectorAll('[name^="conditions-"][name$="-attribute"]')) {
      const input = form.elements[row.name.replace(/attribute$/, "values")];
      if (input) input.setAttribute("list", `values-of-${row.value}`);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-audience-sentence]").forEach(followAudiences);
    document.querySelectorAll("[data-rule-count]").forEach(followRule);
  });
})();
