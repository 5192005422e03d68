// A round is walked with every tick kept on the phone; at its end it goes into the queue as one entry.
import { store } from "/static/linli/js/kept.js";
import { newKey } from "./capture.js";
import { entryOf, save, send } from "./queue.js";
import { clock, say } from "./tell.js";

const LEFT_OUT = new Set(["csrfmiddlewaretoken", "token", "started_at", "ended_at"]);

/** @typedef {{ person: string, name: string, values: [string, string][], started: number }} Draft */

/** @param {string} person @param {string} round @returns {Promise<Draft | undefined>} */
async function recall(person, round) {
  const db = await store();
  const found = await db.get("drafts", [person, `round:${round}`]);
  db.close();
  return found;
}

/** @param {Draft} draft */
async function remember(draft) {
  const db = await store();
  await db.put("drafts", draft);
  db.close();
}

/** @param {HTMLFormElement} form @returns {[string, string][]} */
function valuesOf(form) {
  /** @type {[string, string][]} */
  const values = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value && !LEFT_OUT.has(name)) values.push([name, value]);
  }
  return values;
}

/** @param {HTMLFormElement} form @param {[string, string][]} values */
function fill(form, values) {
  for (const [name, value] of values) {
    const field = form.elements.namedItem(name);
    if (field instanceof RadioNodeList || field instanceof HTMLInputElement) field.value = value;
  }
}

/** What belongs to a result: words where it could not be checked, a report where there is a problem. @param {HTMLFormElement} form */
function show(form) {
  let left = 0;
  form.querySelectorAll("[data-item]").forEach((item) => {
    const ticked = item.querySelector("input[type=radio]:checked");
    const result = ticked instanceof HTMLInputElement ? ticked.value : "";
    if (!result) left += 1;
    const note = item.querySelector("[data-note]");
    const words = note?.querySelector("input");
    note?.toggleAttribute("hidden", result !== "skipped" && result !== "problem" && !words?.value);
    if (words) words.required = result === "skipped";
    item.querySelector("[data-report]")?.toggleAttribute("hidden", result !== "problem");
  });
  const said = form.querySelector("[data-round-left]");
  if (said) said.textContent = left ? say("round_left", { n: left }) : "";
}

/** @param {HTMLFormElement} form @param {string} person */
export async function bindRound(form, person) {
  const round = form.dataset.round || "";
  const name = `round:${round}`;
  const asked = Number(new URL(window.location.href).searchParams.get("entry") || 0);
  const found = asked ? await entryOf(person, asked) : undefined;
  const old = found?.state === "refused" && found.url === form.dataset.url ? found : undefined;
  const draft = await recall(person, round);
  let started = old?.at || draft?.started || 0;
  fill(form, old?.fields || draft?.values || []);
  if (old) {
    const alert = document.createElement("div");
    alert.className = "alert alert-danger";
    alert.setAttribute("role", "alert");
    alert.textContent = [old.reason, ...Object.values(old.errors || {}).flat()].join(" ");
    form.prepend(alert);
  }
  show(form);
  const keep = () => remember({ person, name, values: valuesOf(form), started });
  form.addEventListener("input", async () => {
    started ||= Date.now();
    show(form);
    await keep();
    form.dataset.kept = "1";
  });
  form.querySelectorAll("a[data-report]").forEach((link) => {
    if (!(link instanceof HTMLAnchorElement)) return;
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const key = link.closest("[data-item]")?.querySelector("input[type=hidden]");
      if (!(key instanceof HTMLInputElement)) return;
      key.value ||= newKey();
      await keep();
      const way = new URL(link.href);
      way.searchParams.set("key", key.value);
      way.searchParams.set("back", window.location.pathname);
      window.location.assign(way);
    });
  });
  form.addEventListener(
    "submit",
    async (event) => {
      event.preventDefault();
      event.stopPropagation();
      show(form);
      if (form.dataset.busy || !form.reportValidity()) return;
      form.dataset.busy = "1";
      const ended = Date.now();
      /** @type {[string, string][]} */
      const fields = [
        ...valuesOf(form),
        ["started_at", new Date(started || ended).toISOString()],
        // A refused round that is mended was walked when it was walked.
        ["ended_at", old?.fields.find(([one]) => one === "ended_at")?.[1] || new Date(ended).toISOString()],
      ];
      try {
        await save({
          ...(old?.id ? { id: old.id } : {}),
          person, fields, kind: "round", key: old?.key || newKey(), at: started || ended,
          title: form.dataset.title || "", url: form.dataset.url || "", form: window.location.pathname,
          about: name, files: [], state: "waiting", tries: 0,
        });
      } catch {
        delete form.dataset.busy;
        return window.alert(say("full"));
      }
      const db = await store();
      await db.delete("drafts", [person, name]);
      db.close();
      navigator.storage?.persist?.();
      send(person);
      window.location.assign("/field/queue/");
    },
    true,
  );
  form.dataset.bound = "1";
}

/** Say in the list which rounds are under way on this phone. @param {string} person */
export async function showKept(person) {
  for (const mark of document.querySelectorAll("[data-round-kept]")) {
    const draft = mark instanceof HTMLElement ? await recall(person, mark.dataset.roundKept || "") : undefined;
    if (draft?.started) mark.textContent = say("round_begun", { at: clock(draft.started) });
  }
}
