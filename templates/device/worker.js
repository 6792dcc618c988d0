// Answers only where the network does not: with one page that says so, and the files it is drawn
// with. Keeps nothing else: no page of a service, no text, no code, no answer.
const KEPT = {{ kept|tojson }};
const SHELL = "coquille-{{ version }}";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(KEPT)));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== SHELL);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const instead = request.mode === "navigate" ? KEPT[0] : pathname + search;
  if (KEPT.includes(instead)) {
    event.respondWith(fetch(request).catch(() => caches.match(instead).then((kept) => kept ?? Response.error())));
  }
});
