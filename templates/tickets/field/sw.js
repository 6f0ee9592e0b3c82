{% load static %}// Opens pages of the field without a signal. Made by the server: the version is a digest of the files.
"use strict";

const SHELL = "hubin-shell-{{ version }}";
const FILES = [{% for name in files %}"{% static name %}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PAGES = [{% for address in pages %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const STATIC = "{% get_static_prefix %}";
const OFFLINE = "{{ offline|escapejs }}";
const KIT = "{{ kit|escapejs }}";
const COPIES = "hubin-pages-"; // and whose they are: there is one such cache at most
const THUMBS = "hubin-thumbs";
const KEPT_AT = "Hubin-Kept-At";
const PATIENCE = 3000; // until a copy is shown while the page itself is still under way
const LATE = "late";
const FRESH = 600000; // so long a copy is not fetched again beforehand
const MOST = 200;
const OLDEST = 7 * 24 * 3600000; // no copy is kept longer
const TICKETS = 50; // so many pages of tickets, the newest
let visits = 0; // rises when somebody leaves: what was asked for before is not kept after

const named = async (begin) => (await caches.keys()).filter((name) => name.startsWith(begin));
const drop = (names) => Promise.all(names.map((name) => caches.delete(name)));

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll([OFFLINE, ...FILES])));
});

// The shell before this one stays: copies of pages from before the change stand on its files.
self.addEventListener("activate", (event) => {
  event.waitUntil(named("hubin-shell-").then((all) => drop(all.filter((name) => name !== SHELL).slice(0, -1))));
});

const forget = async () => {
  visits += 1;
  await drop([...(await named(COPIES)), THUMBS]);
};

// Pages are one person's: the first that is another's takes all the others with it.
const keep = async (address, answer, visit) => {
  const whose = answer.headers.get("Hubin-Person");
  if (!answer.ok || answer.redirected || !whose || visit !== visits) return;
  const others = (await named(COPIES)).filter((name) => name !== COPIES + whose);
  if (others.length) await drop([...others, THUMBS]);
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, Date.now());
  const copy = new Response(await answer.blob(), { headers });
  const copies = await caches.open(COPIES + whose);
  if (visit === visits) await copies.put(address, copy);
};

const known = async (address) => {
  for (const name of await named(COPIES)) {
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
  return null;
};

const numberOf = (address) => new URL(address).pathname.match(/\/(?:t|tickets)\/([^/]+)\//)?.[1];

// And the pictures of that ticket.
const lose = async (address) => {
  for (const name of await named(COPIES)) await (await caches.open(name)).delete(address, { ignoreVary: true });
  const number = numberOf(address);
  if (!number || !(await caches.has(THUMBS))) return;
  const thumbs = await caches.open(THUMBS);
  const of = (await thumbs.keys()).filter(({ url }) => numberOf(url) === number);
  await Promise.all(of.map((key) => thumbs.delete(key, { ignoreVary: true })));
};

const tidy = async () => {
  for (const name of await named(COPIES)) {
    const copies = await caches.open(name);
    const dated = await Promise.all((await copies.keys()).map(async ({ url }) => {
      const copy = await copies.match(url, { ignoreVary: true });
      return [url, Number(copy?.headers.get(KEPT_AT))];
    }));
    dated.sort(([, one], [, other]) => other - one);
    const old = dated.filter(([, keptAt]) => Date.now() - keptAt > OLDEST);
    const more = dated.filter(([url]) => numberOf(url)).slice(TICKETS);
    for (const [url] of [...old, ...more]) await lose(url);
  }
};

// Who may not come in here any more keeps nothing of it; what is out of sight is kept no longer.
const learn = (answer, address, visit) => {
  if (answer.status === 403) return forget();
  return answer.status === 404 || answer.status === 410 ? lose(address) : keep(address, answer, visit);
};

const ask = async (event, address) => {
  const visit = visits;
  const answer = await fetch(event.request);
  if (!new URL(event.request.url).search) event.waitUntil(learn(answer.clone(), address, visit).catch(() => {}));
  return answer;
};

const tell = async (event, copy, isSlow) => {
  const page = await self.clients.get(event.resultingClientId);
  page?.postMessage({ keptAt: Number(copy.headers.get(KEPT_AT)), isSlow });
};

// The page itself; where it does not come, or not soon, the copy of it that was kept.
const page = async (event) => {
  const { origin, pathname } = new URL(event.request.url);
  const copy = await known(origin + pathname);
  const asked = ask(event, origin + pathname);
  if (!copy) return asked.catch(async () => (await (await caches.open(SHELL)).match(OFFLINE, { ignoreVary: true })) || Response.error());
  event.waitUntil(asked.catch(() => {}));
  const soon = new Promise((_done, failed) => { setTimeout(failed, PATIENCE, LATE); });
  const good = asked.then((answer) => (answer.status >= 502 ? Promise.reject(answer) : answer));
  return Promise.race([good, soon]).catch((why) => { event.waitUntil(tell(event, copy, why === LATE)); return copy; });
};

const file = async (request) => {
  const mine = await (await caches.open(SHELL)).match(request, { ignoreVary: true });
  return mine || (await caches.match(request, { ignoreVary: true })) || fetch(request);
};

const thumb = async (request, event) => {
  const found = await caches.match(request, { ignoreVary: true, cacheName: THUMBS });
  if (found) return found;
  const visit = visits;
  const answer = await fetch(request);
  const copy = answer.clone();
  event.waitUntil((async () => {
    if (!copy.ok || copy.redirected || visit !== visits) return;
    const thumbs = await caches.open(THUMBS);
    await thumbs.put(request, copy);
    const keys = await thumbs.keys();
    await Promise.all(keys.slice(0, -MOST).map((key) => thumbs.delete(key)));
  })());
  return answer;
};

// At once what is known, and the news for the next time.
const kit = async (event) => {
  const copy = await known(event.request.url);
  const asked = ask(event, event.request.url);
  if (copy) event.waitUntil(asked.catch(() => {}));
  return copy || asked;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return; // the browser does it
  if (url.pathname.startsWith(STATIC)) event.respondWith(file(request));
  else if (url.pathname === KIT) event.respondWith(kit(event));
  else if (url.searchParams.get("copy") === "thumb") event.respondWith(thumb(request, event));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

// Everything one may need is fetched while there is a signal.
const carry = () => Promise.all([...PAGES, KIT].map(async (path) => {
  const address = new URL(path, location.origin).href;
  const copy = await known(address);
  if (copy && Date.now() - copy.headers.get(KEPT_AT) < FRESH) return;
  const visit = visits;
  await keep(address, await fetch(address), visit);
}));

const prepare = () => tidy().catch(() => {}).then(carry);

// `go`: a new version takes over when the person says so, never in the middle of a report.
self.addEventListener("message", (event) => {
  if (event.data === "go") self.skipWaiting();
  const work = { open: prepare, leave: forget }[event.data];
  if (work) event.waitUntil(work().catch(() => {}).then(() => event.ports[0]?.postMessage("done")));
});
