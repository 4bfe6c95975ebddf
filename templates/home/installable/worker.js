// Keeps an offline page and the home of visitors, never anything of a session: both are asked for without cookies.
// Everything else goes to the network as if this script were not there.
const SHELL = /* shell */ {};
const PREFIX = "portal-";
const CACHE = PREFIX + SHELL.version;
const OLD = 3600e3; // milliseconds after which what is kept is asked for again, when its language is read
const PATIENCE = 60e3; // the same, for a reader whom an emergency concerns that visitors are not told of
let said; // the version of the emergencies that a page told of last

const keep = async (cache, url, how) => {
  const answer = await fetch(url, { credentials: "omit", redirect: "error", ...how });
  if (answer.ok) await cache.put(url, answer);
};

const age = (answer) => (answer ? Date.now() - Date.parse(answer.headers.get("Date")) : Infinity);

const refresh = async (language, emergencies) => {
  const page = SHELL.pages[language] || SHELL.pages[SHELL.first];
  const cache = await caches.open(CACHE);
  const [kept, home] = await Promise.all([cache.match(page.offline), cache.match(page.home)]);
  const other = kept && kept.headers.get("X-Version") !== emergencies;
  const changed = other && (said !== emergencies || age(kept) > PATIENCE);
  said = emergencies;
  if (home && !changed && age(kept) < OLD) return;
  await Promise.allSettled([page.offline, page.home].map((url) => keep(cache, url, { cache: "no-store" })));
};

// The home of visitors, with a line that says when they saw it.
const dated = async (home, language) => {
  const { title, text } = SHELL.pages[language].note;
  const at = new Date(home.headers.get("Date")).toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  const note = `<p class="frame offline-note" role="status"><strong>${title}</strong> ${text.replace("{date}", at)}</p>`;
  const body = (await home.text()).replace('<main id="content"', (main) => note + main);
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  const policy = home.headers.get("Content-Security-Policy");
  if (policy) headers["Content-Security-Policy"] = policy;
  return new Response(body, { headers });
};

const open = async (event, path) => {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    const codes = Object.keys(SHELL.pages);
    const language = codes.find((code) => code !== SHELL.first && path.startsWith(SHELL.pages[code].home)) || SHELL.first;
    const cache = await caches.open(CACHE);
    const home = path === SHELL.pages[language].home && (await cache.match(path));
    if (home) return dated(home, language);
    const offline = (code) => cache.match(SHELL.pages[code].offline);
    return (await offline(language)) || (await offline(SHELL.first)) || Response.error();
  }
};

self.addEventListener("install", (event) => {
  const kept = async () => {
    const cache = await caches.open(CACHE);
    const first = keep(cache, SHELL.pages[SHELL.first].offline, { cache: "no-store" });
    await Promise.all([first, ...SHELL.assets.map((url) => keep(cache, url))]);
    await self.skipWaiting();
  };
  event.waitUntil(kept());
});

self.addEventListener("activate", (event) => {
  const tidied = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
    await Promise.all(names.map((name) => caches.delete(name)));
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  event.waitUntil(tidied());
});

self.addEventListener("message", (event) => {
  event.waitUntil(refresh(event.data.language, event.data.emergencies));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(open(event, pathname));
  else if (SHELL.assets.includes(pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(pathname)) || Response.error()));
  }
});
