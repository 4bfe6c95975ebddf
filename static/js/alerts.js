// Emergencies reach pages that are open; an alert is hidden without leaving the page. Without this script, both come
// with the next page.
(() => {
  const EVERY = 6000; // milliseconds; what is asked may be two seconds old, so ten at most from said to seen
  const region = document.querySelector("[data-poll]");
  let timer;

  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden) return; // asked again when it is seen
    try {
      const answer = await fetch(region.dataset.poll, { cache: "no-cache", signal: AbortSignal.timeout(4000) });
      const version = answer.headers.get("X-Version");
      if (answer.ok && version && version !== region.dataset.version) {
        region.innerHTML = await answer.text();
        region.dataset.version = version;
      }
    } catch {
      // The portal is away: what is shown stays, and is asked for again.
    }
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY + Math.random() * 1000);
  };

  if (region) {
    document.addEventListener("visibilitychange", () => document.hidden || ask());
    timer = setTimeout(ask, Math.random() * EVERY);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-hide]");
    if (!form) return;
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).then(
      () => {
        form.closest(".alert-banner").remove();
        document.getElementById("content").focus({ preventScroll: true });
      },
      () => form.submit(),
    );
  });
})();
