// Lets the browser keep an offline page and the home of visitors (/sw.js). Without this script, nothing is kept.
(() => {
  if (!("serviceWorker" in navigator)) return;
  const region = document.querySelector("[data-poll]");

  const tell = async () => {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ language: document.documentElement.lang, emergencies: region?.dataset.version });
  };

  addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
      await tell();
      // An emergency that begins or ends while the page is open.
      if (region) new MutationObserver(tell).observe(region, { attributeFilter: ["data-version"] });
    } catch {
      // This browser keeps nothing: the portal works all the same, while it is online.
    }
  });
})();
