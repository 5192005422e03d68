// The phone's pages as an app: works without network, keeps what is recorded, sends it in order.
import { forgetTyped } from "/static/linli/js/kept.js";
import { bind } from "./capture.js";
import { orderByNearness } from "./nearness.js";
import { showQueue } from "./panel.js";
import { entriesOf, outcome, send } from "./queue.js";
import { bindRound, showKept } from "./round.js";
import { clock, make, onChange, say } from "./tell.js";

const { person = "", copy = "" } = document.body.dataset;
const OWNER = "linli-field-person";
const EVERY = 30_000;

/** Where one of these is missing, the plain forms do the work. */
function able() {
  return "serviceWorker" in navigator && "locks" in navigator && "indexedDB" in window && window.isSecureContext;
}

/** The line at the top: no network, a copy, what waits, what was refused, log in again. */
async function showState() {
  const bar = document.querySelector("[data-state]");
  if (!(bar instanceof HTMLElement)) return;
  const entries = await entriesOf(person);
  const waiting = entries.filter((one) => one.state === "waiting" || one.state === "sending").length;
  const refused = entries.filter((one) => one.state === "refused").length;
  /** @type {HTMLElement[]} */
  const lines = [];
  if (!navigator.onLine) lines.push(make("div", "", say("offline")));
  // What waits is listed from the phone itself, so that page is never old.
  if (copy && !document.querySelector("[data-panel]")) lines.push(make("div", "", say("copy", { at: clock(Number(copy)) })));
  if (outcome.last === "sign-in" && waiting) {
    const link = make("a", "fw-bold", say("sign_in_link"));
    link.setAttribute("href", "/staff/login/?next=/field/queue/");
    const line = make("div", "", `${say("sign_in")} `);
    line.append(link);
    lines.push(line);
  }
  if (outcome.last === "someone-else" && waiting) lines.push(make("div", "", say("someone_else")));
  if (waiting) lines.push(make("div", "", say("waiting", { n: waiting })));
  if (refused) {
    const link = make("a", "fw-bold text-danger", say("refused_n", { n: refused }));
    link.setAttribute("href", "/field/queue/");
    lines.push(link);
  }
  const words = lines.map((line) => line.textContent).join("|");
  if (bar.dataset.words === words) return;
  bar.dataset.words = words;
  bar.replaceChildren(...lines);
  bar.hidden = !lines.length;
  const tab = document.querySelector(".linli-tabs a[href='/field/queue/']");
  tab?.classList.toggle("field-waits", waiting + refused > 0);
}

/** Have the pages kept that the person needs without network. */
async function keepPages() {
  const { active } = await navigator.serviceWorker.ready;
  const pages = ["/field/", "/field/new/", "/field/queue/", "/field/rounds/"].map((url) => ({ url, mark: "" }));
  const listed = document.querySelectorAll("[data-keep]");
  listed.forEach((row) => {
    if (row instanceof HTMLElement) pages.push({ url: row.dataset.keep || "", mark: row.dataset.mark || "" });
  });
  const parts = [...document.querySelectorAll("[data-keep-part]")].map((one) => (one instanceof HTMLElement && one.dataset.keepPart) || "");
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data?.kind === "kept") document.body.dataset.kept = "1";
  });
  active?.postMessage({ kind: "keep", person, pages, parts, whole: Boolean(document.querySelector("[data-keep-whole]")) });
}

/** One tap calls: the number is asked for, the look is recorded, the phone dials. */
function bindCalls() {
  document.querySelectorAll("form[data-call]").forEach((form) => {
    if (!(form instanceof HTMLFormElement)) return;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
        if (answer.type === "opaqueredirect" || !answer.headers.get("Content-Type")?.includes("json")) return form.submit();
        const { phone, reason } = await answer.json();
        if (phone) window.location.assign(`tel:${phone}`);
        else window.alert(reason);
      } catch {
        window.alert(say("no_phone"));
      }
    });
  });
}

/** On a case page without network: the step that waits is shown as taken, the next one opens. */
async function showAhead() {
  const page = document.querySelector("[data-case]");
  if (!(page instanceof HTMLElement)) return;
  const mine = (await entriesOf(person)).filter((one) => one.about === page.dataset.case && one.state !== "sent" && one.state !== "refused");
  for (const entry of mine) {
    const name = entry.url.split("/").at(-2) || "";
    page.querySelector(`[data-step="${name}"]`)?.toggleAttribute("hidden", name !== "add_note");
    page.querySelectorAll(`[data-after="${name}"]`).forEach((next) => next.removeAttribute("hidden"));
  }
  const note = page.querySelector("[data-ahead-note]");
  if (note && mine.length) {
    note.textContent = say("next_step");
    note.removeAttribute("hidden");
  }
}

async function start() {
  if (!able() || !person) return;
  if (localStorage.getItem(OWNER) !== person) {
    forgetTyped();
    localStorage.setItem(OWNER, person);
  }
  // Not waited for: while the browser looks for a newer worker this may take seconds.
  navigator.serviceWorker.register("/field/worker.js", { scope: "/field/", updateViaCache: "none" }).catch(() => undefined);
  for (const form of document.querySelectorAll("form[data-queue='event'], form[data-queue='step']")) {
    if (form instanceof HTMLFormElement) await bind(form, person);
  }
  for (const form of document.querySelectorAll("form[data-queue='round']")) {
    if (form instanceof HTMLFormElement) await bindRound(form, person);
  }
  await showKept(person);
  bindCalls();
  await showAhead();
  const panel = document.querySelector("[data-panel]");
  if (panel instanceof HTMLElement) await showQueue(panel, person);
  const list = document.querySelector("[data-near]");
  if (list instanceof HTMLElement) orderByNearness(list);
  onChange(showState);
  for (const happening of ["online", "offline"]) window.addEventListener(happening, showState);
  window.addEventListener("online", () => send(person));
  document.addEventListener("visibilitychange", () => document.hidden || send(person));
  setInterval(() => document.hidden || send(person), EVERY);
  await showState();
  document.body.dataset.app = "1";
  await send(person);
  await showState();
  if (!copy) await keepPages();
}

start();
