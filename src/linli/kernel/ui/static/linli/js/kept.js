// What this browser keeps for a person: entries that wait to be sent, things half done, copies of pages.
import { openDB } from "/static/vendor/idb/index.js";

const NAME = "linli-kept";
const COPIES = "linli-kept-";

/** @returns {Promise<import("/static/vendor/idb/index.js").IDBPDatabase>} */
export function store() {
  return openDB(NAME, 1, {
    upgrade(db) {
      const entries = db.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
      entries.createIndex("person", "person");
      db.createObjectStore("drafts", { keyPath: ["person", "name"] });
    },
  });
}

/** How many entries of a person have not been sent. @param {string} person @returns {Promise<number>} */
export async function countUnsent(person) {
  const db = await store();
  const rows = await db.getAllFromIndex("entries", "person", person);
  db.close();
  return rows.filter((row) => row.state !== "sent").length;
}

/** Forget everything kept for a person. @param {string} person */
export async function forget(person) {
  const db = await store();
  const change = db.transaction(["entries", "drafts"], "readwrite");
  const entries = change.objectStore("entries");
  for (const id of await entries.index("person").getAllKeys(person)) entries.delete(id);
  change.objectStore("drafts").delete(IDBKeyRange.bound([person], [person, []]));
  await change.done;
  db.close();
  await forgetCopies();
  forgetTyped();
}

/** Forget the copies of pages; a service worker that is just making some leaves off first. */
async function forgetCopies() {
  const known = await navigator.serviceWorker?.getRegistration("/field/");
  if (known?.active) await answered(known.active, { kind: "forget" });
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith(COPIES)) await caches.delete(name);
}

/** @param {ServiceWorker} worker @param {object} message @returns {Promise<void>} */
function answered(worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    setTimeout(resolve, 3000);
    worker.postMessage(message, [port2]);
  });
}

/** Forget what was typed and not sent (see draft.js). */
export function forgetTyped() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:")) localStorage.removeItem(key);
  }
}
