// The queue: entries stand in IndexedDB from the moment they are made, and one sender sends them in
// order, once. An entry's key is made with it; the server takes a key in once.
import { store } from "/static/linli/js/kept.js";
import { changed } from "./tell.js";

/**
 * @typedef {{ name: string, type: string, blob: Blob, label?: string }} Kept
 * @typedef {object} Entry
 * @property {number} [id]
 * @property {string} person
 * @property {"event" | "step" | "round"} kind
 * @property {string} key
 * @property {number} at
 * @property {string} title
 * @property {string} url
 * @property {string} form
 * @property {string} about
 * @property {[string, string][]} fields
 * @property {Kept[]} files
 * @property {"waiting" | "sending" | "sent" | "refused"} state
 * @property {number} tries
 * @property {string} [number]
 * @property {string} [href]
 * @property {string} [reason]
 * @property {Record<string, string[]>} [errors]
 * @property {number} [done]
 */

const MINUTE = 60_000;
const SHOWN = 3 * 24 * 60 * MINUTE;
const REFUSED = new Set([400, 403, 404, 409, 413, 415, 422]);
/** What the last attempt came to: blank, "later" (no network) or "sign-in" or "someone-else". */
export const outcome = { last: "" };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {Entry} entry @returns {Promise<number>} */
export async function save(entry) {
  const db = await store();
  // "strict": the entry is on the disk before the page says so, whatever kills the browser.
  const change = db.transaction("entries", "readwrite", { durability: "strict" });
  const id = await change.store.put(entry);
  await change.done;
  db.close();
  changed();
  return Number(id);
}

/** @param {string} person @returns {Promise<Entry[]>} the person's entries in the order they were made */
export async function entriesOf(person) {
  const db = await store();
  const rows = await db.getAllFromIndex("entries", "person", person);
  db.close();
  return rows.sort((a, b) => a.id - b.id);
}

/** @param {string} person @param {number} id @returns {Promise<Entry | undefined>} */
export async function entryOf(person, id) {
  return (await entriesOf(person)).find((entry) => entry.id === id);
}

/** Tell whether an entry has certainly not been taken in. @param {Entry} entry */
export function untried(entry) {
  return entry.state === "refused" || (entry.state === "waiting" && !entry.tries);
}

/** Remove an entry, unless it was tried meanwhile. @param {string} person @param {number} id */
export async function drop(person, id) {
  await navigator.locks.request(lockOf(person), async () => {
    const entry = await entryOf(person, id);
    if (!entry || !untried(entry)) return;
    const db = await store();
    await db.delete("entries", id);
    db.close();
  });
  changed();
}

/** @param {string} person */
const lockOf = (person) => `linli-send-${person}`;

/** Send what waits; where another window sends already, leave it to that one. @param {string} person */
export async function send(person) {
  clearTimeout(timer);
  await navigator.locks.request(lockOf(person), { ifAvailable: true }, async (lock) => {
    if (lock) await sendInOrder(person);
  });
}

/** @param {string} person */
async function sendInOrder(person) {
  await tidy(person);
  let token = "";
  for (;;) {
    const waiting = (await entriesOf(person)).filter((one) => one.state === "waiting" || one.state === "sending");
    const [entry] = waiting;
    if (!entry) break;
    if (!token) token = await askToken(person);
    if (token) token = await sendOne(entry, token);
    if (!token) {
      // One entry that cannot be sent now holds the rest: order is kept.
      const pause = Math.min(2 ** Math.min(entry.tries, 8), 300) * 1000;
      if (outcome.last === "later") timer = setTimeout(() => send(person), pause);
      changed();
      return;
    }
  }
  outcome.last = "";
  changed();
}

/** @param {string} person @returns {Promise<string>} the token to send with; blank where it will not do now */
async function askToken(person) {
  try {
    const answer = await fetch("/field/state/", { redirect: "manual", headers: { Accept: "application/json" } });
    if (answer.type === "opaqueredirect" || answer.status === 401) return stop("sign-in");
    if (!answer.ok) return stop("later");
    const known = await answer.json();
    return known.person === person ? known.token : stop("someone-else");
  } catch {
    return stop("later");
  }
}

/** @param {string} why */
function stop(why) {
  outcome.last = why;
  return "";
}

/** @param {Entry} entry @param {string} token @returns {Promise<string>} the token for the next one, or blank */
async function sendOne(entry, token) {
  await save({ ...entry, state: "sending" });
  let answer;
  try {
    answer = await fetch(entry.url, {
      method: "POST",
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token, "X-Linli-Person": entry.person },
      body: bodyOf(entry),
    });
  } catch {
    return again(entry, "later");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said?.done) return finish(entry, said, token);
  if (answer.type === "opaqueredirect" || answer.status === 401) return again(entry, "sign-in");
  // A refusal in words is the office's; one without (a token grown old, a proxy) is tried again.
  if (REFUSED.has(answer.status) && (said || answer.status === 413)) {
    await save({ ...entry, state: "refused", reason: said?.reason || "", errors: said?.errors || {} });
    return token;
  }
  return again(entry, "later");
}

/** @param {Entry} entry @param {string} why */
async function again(entry, why) {
  entry.tries += 1;
  await save({ ...entry, state: "waiting" });
  return stop(why);
}

/** @param {Entry} entry */
function bodyOf(entry) {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  body.set("token", entry.key);
  for (const file of entry.files) body.append("files", file.blob, file.name);
  return body;
}

/** @param {Entry} entry @param {any} said @param {string} token */
async function finish(entry, said, token) {
  const { number, href } = said;
  await save({ ...entry, state: "sent", number, href, files: [], fields: [], done: Date.now(), reason: "", errors: {} });
  if (said.version) await carryOn(entry, said.version);
  return token;
}

/** The person's own next step on the same case was made knowing of this one. @param {Entry} entry @param {number} version */
async function carryOn(entry, version) {
  for (const later of await entriesOf(entry.person)) {
    if (later.about !== entry.about || later.state !== "waiting" || (later.id || 0) < (entry.id || 0)) continue;
    const fields = later.fields.filter(([name]) => name !== "version");
    fields.push(["version", String(version)]);
    await save({ ...later, fields });
  }
}

/** Forget what was sent some days ago. @param {string} person */
async function tidy(person) {
  const old = (await entriesOf(person)).filter((one) => one.state === "sent" && Date.now() - (one.done || 0) > SHOWN);
  const db = await store();
  for (const one of old) await db.delete("entries", one.id || 0);
  db.close();
}
