// Keeps one pocket page on the telephone until its time is up, and nothing else: no other page of the directory lies
// within its reach (/pocket/), and it stores only what the page asks for and what may be there.

const STORE = "pocket";
const UNTIL = "Pocket-Until";
const SAVED = "Pocket-Made";
const PAGE = /^\/pocket\/[a-z0-9-]+$/;
const ASSET = /^\/static\/[0-9a-f]+\/(pocket\.css|pocket\.js|favicon\.svg)$/;

const isGood = (response) => response.ok && !response.redirected && response.type === "basic";
const isOver = (response) => !(Date.parse(response.headers.get(UNTIL)) > Date.now());
const forget = () => caches.delete(STORE);

// Everything is fetched first, so that a connection that breaks leaves what was kept before.
async function keep(path, assets) {
  if (!PAGE.test(path) || !assets.every((asset) => ASSET.test(asset))) return null;
  const wanted = [path, ...assets];
  const responses = await Promise.all(wanted.map((url) => fetch(url, { cache: "no-cache" })));
  if (!responses.every(isGood) || isOver(responses[0])) return null;
  await forget();
  const store = await caches.open(STORE);
  await Promise.all(wanted.map((url, place) => store.put(url, responses[place])));
  return kept(path);
}

// When the page was stored and until when it may be shown; null where it is not there (any more).
async function kept(path) {
  const response = await stored(path);
  if (!response) return null;
  return { saved: response.headers.get(SAVED), until: response.headers.get(UNTIL) };
}

// What is over is deleted by whoever comes across it, and is never shown.
async function stored(path) {
  if (!(await caches.has(STORE))) return undefined;
  const store = await caches.open(STORE);
  const pages = (await store.keys()).filter((request) => PAGE.test(new URL(request.url).pathname));
  const found = await Promise.all(pages.map((request) => store.match(request)));
  if (found.some(isOver)) await forget();
  const response = await store.match(path, { ignoreVary: true });
  return response && !isOver(response) ? response : undefined;
}

const NOT_HERE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>This page is not on this phone</title><meta name="viewport" content="width=device-width, initial-scale=1">
</head><body><main><h1>This page is not on this phone</h1>
<p>There is no connection, and these contacts are not saved here: they are kept for 7 days, until somebody removes them,
or until another area is opened.</p><p>Somebody is in danger now? Call <a href="tel:999">999</a>.</p>
<p>Open this page again when there is a connection.</p></main></body></html>`;

async function shown(request) {
  const answer = await fetch(request).catch(() => undefined);
  // A directory that is down is no better than no signal.
  if (answer && answer.status < 500) return answer;
  return (
    (await stored(new URL(request.url).pathname)) ??
    answer ??
    new Response(NOT_HERE, {
      status: 404,
      headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'" },
    })
  );
}

async function asset(request) {
  const found = (await caches.has(STORE)) && (await (await caches.open(STORE)).match(request, { ignoreVary: true }));
  return found || fetch(request);
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), stored("")])));

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && PAGE.test(pathname)) event.respondWith(shown(event.request));
  else if (ASSET.test(pathname)) event.respondWith(asset(event.request));
});

self.addEventListener("message", (event) => {
  const { ask, path, assets } = event.data;
  const acts = { keep: () => keep(path, assets), kept: () => kept(path), forget: async () => (await forget(), null) };
  const answer = acts[ask]().catch(() => null);
  event.waitUntil(answer.then((found) => event.ports[0].postMessage(found)));
});
