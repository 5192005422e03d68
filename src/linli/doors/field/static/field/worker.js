// The phone's service worker: what pages are made of from the store, pages from the network with the
// last copy behind it. `linli` (version, shell) is written above by the page that serves this file.
(() => {
  /** @type {any} */
  const worker = self;
  const { version, shell } = worker.linli;
  const SHELL = `linli-shell-${version}`;
  const COPIES = "linli-kept-";
  const NO_COPY = "/field/offline/";
  const OLDEST = 24 * 60 * 60 * 1000;
  const PATIENCE = 6000;
  const KEPT_PATHS = [/^\/files\/cases\/\d+\/small\/$/, /^\/areas\/.*\.geojson$/];

  // One piece of keeping after the other; a newer one, or a log-out, ends the one before.
  let work = Promise.resolve();
  let turn = 0;

  worker.addEventListener("install", (/** @type {any} */ event) => {
    event.waitUntil(
      caches.open(SHELL)
        .then((cache) => cache.addAll([...shell, NO_COPY].map((url) => new Request(url, { cache: "reload" }))))
        .then(() => worker.skipWaiting()),
    );
  });

  worker.addEventListener("activate", (/** @type {any} */ event) => {
    event.waitUntil(
      caches.keys()
        .then((names) => names.filter((name) => name.startsWith("linli-shell-") && name !== SHELL))
        .then((old) => Promise.all(old.map((name) => caches.delete(name))))
        .then(() => worker.clients.claim()),
    );
  });

  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== worker.location.origin) return;
    if (url.pathname.startsWith("/static/")) event.respondWith(fromShell(request));
    else if (request.mode === "navigate" && url.pathname.startsWith("/field/")) event.respondWith(page(request));
    else if (KEPT_PATHS.some((path) => path.test(url.pathname))) event.respondWith(part(request));
  });

  worker.addEventListener("message", (/** @type {any} */ event) => {
    const { kind } = event.data || {};
    if (kind === "keep") {
      const mine = (turn += 1);
      work = work.then(() => keepPages(event.data, mine)).catch(() => undefined);
      event.waitUntil(work.then(() => event.source?.postMessage({ kind: "kept" })));
    }
    if (kind === "forget") {
      turn += 1;
      work = work.then(() => forgetOthers(""));
      event.waitUntil(work.then(() => event.ports[0]?.postMessage("done")));
    }
  });

  /** @param {Request} request */
  async function fromShell(request) {
    const cache = await caches.open(SHELL);
    const found = await cache.match(request, { ignoreSearch: true });
    if (found) return found;
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  }

  /** @param {Request} request */
  async function page(request) {
    const address = bare(request.url);
    const copy = await copyOf(address);
    try {
      const answer = await soon(fetch(request), copy ? PATIENCE : 60000);
      if (answer.status >= 500 && copy) return marked(copy);
      // Logged out by idleness: what waits on this phone is still there to be seen.
      if (answer.type === "opaqueredirect" && copy && address.endsWith("/field/queue/")) return marked(copy);
      if (isPage(answer)) await keep(address, answer.clone(), "");
      return answer;
    } catch {
      return copy ? marked(copy) : (await caches.match(NO_COPY)) || Response.error();
    }
  }

  /** Small parts of pages: pictures and boundaries. @param {Request} request */
  async function part(request) {
    const copies = await ownCopies();
    try {
      const answer = await fetch(request);
      if (answer.ok && copies) await copies.put(request, answer.clone());
      return answer;
    } catch {
      return (copies && (await copies.match(request))) || Response.error();
    }
  }

  /** @param {Response} answer */
  function isPage(answer) {
    const kind = answer.headers.get("Content-Type") || "";
    return answer.ok && !answer.redirected && kind.startsWith("text/html") && answer.headers.has("X-Linli-Person");
  }

  /** @param {string} address @param {Response} answer @param {string} mark */
  async function keep(address, answer, mark) {
    const person = answer.headers.get("X-Linli-Person") || "";
    await forgetOthers(person);
    const cache = await caches.open(COPIES + person);
    const headers = { "Content-Type": "text/html; charset=utf-8", "X-Linli-At": String(Date.now()), "X-Linli-Mark": mark };
    await cache.put(address, new Response(await answer.text(), { headers }));
  }

  /** Whoever logs in on this phone finds no copy of somebody else's pages. @param {string} person */
  async function forgetOthers(person) {
    for (const name of await caches.keys()) {
      if (name.startsWith(COPIES) && name !== COPIES + person) await caches.delete(name);
    }
  }

  async function ownCopies() {
    const name = (await caches.keys()).find((one) => one.startsWith(COPIES));
    return name ? caches.open(name) : null;
  }

  /** @param {string} address */
  async function copyOf(address) {
    const cache = await ownCopies();
    const found = cache && (await cache.match(address));
    if (!found || Date.now() - Number(found.headers.get("X-Linli-At")) > OLDEST) return null;
    return found;
  }

  /** Tell the page that it is a copy, and of when. @param {Response} copy */
  async function marked(copy) {
    const text = (await copy.text()).replace('data-copy=""', `data-copy="${copy.headers.get("X-Linli-At")}"`);
    return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }

  /**
   * Fetch what the person will need without network, and drop what is theirs no longer.
   * @param {{ person: string, pages: { url: string, mark: string }[], parts: string[], whole: boolean }} asked
   * @param {number} mine
   */
  async function keepPages({ person, pages, parts, whole }, mine) {
    if (mine !== turn) return;
    const cache = await caches.open(COPIES + person);
    const wanted = new Set(pages.map((one) => bare(one.url)));
    for (const request of whole ? await cache.keys() : []) {
      const { pathname } = new URL(request.url);
      if (/^\/field\/(cases|rounds)\/./.test(pathname) && !wanted.has(request.url)) await cache.delete(request);
    }
    for (const { url, mark } of pages) {
      const address = bare(url);
      const copy = await copyOf(address);
      if (copy && mark && copy.headers.get("X-Linli-Mark") === mark) continue;
      // The phone asks by itself here: that is no sign of a person.
      const answer = await fetch(address, { redirect: "manual", headers: { "X-Linli-Passive": "1" } }).catch(() => null);
      if (!answer || answer.type === "opaqueredirect" || mine !== turn) return;
      if (isPage(answer) && answer.headers.get("X-Linli-Person") === person) await keep(address, answer, mark);
    }
    for (const address of parts) {
      if (mine !== turn) return;
      const answer = await fetch(address, { headers: { "X-Linli-Passive": "1" } }).catch(() => null);
      if (answer?.ok) await cache.put(address, answer);
    }
  }

  /** @param {string} address */
  function bare(address) {
    const url = new URL(address, worker.location.origin);
    return url.origin + url.pathname;
  }

  /** @template T @param {Promise<T>} promise @param {number} most @returns {Promise<T>} */
  function soon(promise, most) {
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("slow")), most);
      promise.then(resolve, reject);
    });
  }
})();
