// Forms of the phone go into the queue, with or without network; the server's answer comes to the
// queue page. A refused entry opens in its own form again, with everything that was in it.
import { store } from "/static/linli/js/kept.js";
import { entryOf, save, send } from "./queue.js";
import { shrink } from "./shrink.js";
import { make, say } from "./tell.js";
import { recordWith } from "./voice.js";

/** @typedef {import("./queue.js").Kept} Kept @typedef {import("./queue.js").Entry} Entry */

const LEFT_OUT = new Set(["csrfmiddlewaretoken", "token", "files", "next"]);
const MOST = 9;

/** @returns {string} a key nobody else makes */
export function newKey() {
  return crypto.randomUUID().replaceAll("-", "");
}

/** Photos and notes of one form, kept on the phone while it is filled in. */
class Files {
  /** @param {HTMLFormElement} form @param {string} person */
  constructor(form, person) {
    /** @type {Kept[]} */
    this.kept = [];
    this.form = form;
    this.draft = [person, `files:${form.dataset.draft || ""}`];
    this.box = make("div", "field-files d-flex flex-wrap gap-2 mb-3");
    this.box.setAttribute("aria-live", "polite");
    this.person = person;
  }

  /** Take over the form's file picker: several shots add up. */
  bind() {
    const old = this.form.querySelector("input[type=file]");
    if (!(old instanceof HTMLInputElement)) return;
    const input = /** @type {HTMLInputElement} */ (old.cloneNode(true));
    old.replaceWith(input);
    (input.closest(".mb-3") || input).after(this.box);
    input.addEventListener("change", async () => {
      const chosen = [...(input.files || [])];
      input.value = "";
      for (const file of chosen) await this.add(await shrink(file));
    });
    const button = this.form.querySelector("[data-voice]");
    if (button instanceof HTMLElement) recordWith(button, (note) => this.add(note));
  }

  /** @param {Kept} file */
  async add(file) {
    if (this.kept.length >= MOST) return window.alert(say("most_files", { n: MOST }));
    this.kept.push(file);
    await this.remember();
    this.draw();
  }

  /** Keep them through a killed browser, before anything was sent. */
  async remember() {
    const db = await store();
    const [person, name] = this.draft;
    await db.put("drafts", { person, name, files: this.kept });
    db.close();
  }

  async recall() {
    const db = await store();
    const found = await db.get("drafts", this.draft);
    db.close();
    if (found) this.kept = found.files;
    this.draw();
  }

  async clear() {
    const db = await store();
    await db.delete("drafts", this.draft);
    db.close();
  }

  draw() {
    this.box.replaceChildren(...this.kept.map((file, at) => this.tile(file, at)));
    this.form.dispatchEvent(new Event("linli:files"));
  }

  /** @param {Kept} file @param {number} at */
  tile(file, at) {
    const tile = make("div", "field-file");
    const name = file.label || say("photo", { n: at + 1 });
    if (file.type.startsWith("image/")) {
      const image = new Image();
      image.src = URL.createObjectURL(file.blob);
      image.alt = name;
      tile.append(image);
    } else if (file.type.startsWith("audio/")) {
      const sound = document.createElement("audio");
      sound.controls = true;
      sound.src = URL.createObjectURL(file.blob);
      sound.setAttribute("aria-label", name);
      tile.append(make("span", "d-block small", name), sound);
    } else {
      tile.append(make("span", "", file.name));
    }
    const remove = make("button", "field-x", "×");
    remove.setAttribute("type", "button");
    remove.setAttribute("aria-label", say("remove", { name }));
    remove.addEventListener("click", () => {
      this.kept.splice(at, 1);
      this.remember();
      this.draw();
    });
    tile.append(remove);
    return tile;
  }
}

/** @param {HTMLFormElement} form @param {string} person */
export async function bind(form, person) {
  const files = new Files(form, person);
  files.bind();
  locateWith(form);
  const given = new URL(window.location.href).searchParams;
  const asked = Number(given.get("entry") || 0);
  const old = asked ? await entryOf(person, asked) : undefined;
  const mine = old && old.state === "refused" && sameForm(form, old) ? old : undefined;
  if (mine) {
    refill(form, mine);
    files.kept = mine.files;
    files.draw();
  } else {
    await files.recall();
    if (form.dataset.queue === "event") prefill(form, given);
  }
  const check = () => demand(form, files.kept);
  form.addEventListener("input", check);
  form.addEventListener("linli:files", check);
  check();
  form.addEventListener(
    "submit",
    async (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (form.dataset.busy) return;
      check();
      if (!form.checkValidity()) return void form.reportValidity();
      form.dataset.busy = "1";
      await take(form, files, person, mine);
      delete form.dataset.busy;
    },
    true,
  );
  form.dataset.bound = "1";
}

/** A copy of the page knows nothing of what its address asks for. @param {HTMLFormElement} form @param {URLSearchParams} given */
function prefill(form, given) {
  for (const name of ["category", "address", "text", "lon", "lat"]) {
    const field = form.elements.namedItem(name);
    const value = given.get(name) || "";
    const typed = field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement;
    if (typed && value && !field.value) field.value = value;
  }
}

/** The round from which a problem is reported: with its key, and the way back. */
function origin() {
  const given = new URL(window.location.href).searchParams;
  const key = given.get("key") || "";
  const back = given.get("back") || "";
  return { key: /^\w{32}$/.test(key) ? key : "", back: /^\/field\/rounds\/\d+\/$/.test(back) ? back : "" };
}

/** @param {HTMLFormElement} form @param {Entry} entry */
function sameForm(form, entry) {
  return form.dataset.url === entry.url;
}

/** What the server would ask for at once, asked here already. @param {HTMLFormElement} form @param {Kept[]} files */
function demand(form, files) {
  const text = form.elements.namedItem("text");
  const spoken = files.some((file) => file.type.startsWith("audio/"));
  if (text instanceof HTMLTextAreaElement && form.dataset.queue === "event") {
    text.setCustomValidity(text.value.trim() || spoken ? "" : form.dataset.needText || "");
  }
  const settled = form.elements.namedItem("settled");
  const result = form.elements.namedItem("result");
  if (settled instanceof HTMLInputElement && result instanceof HTMLTextAreaElement) {
    result.setCustomValidity(settled.checked && !result.value.trim() ? form.dataset.needResult || "" : "");
    result.closest(".mb-3")?.toggleAttribute("hidden", !settled.checked);
  }
}

/** @param {HTMLFormElement} form @param {Files} files @param {string} person @param {Entry | undefined} old */
async function take(form, files, person, old) {
  const now = Date.now();
  /** @type {[string, string][]} */
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !LEFT_OUT.has(name)) fields.push([name, value]);
  }
  const at = old?.at || now;
  if (form.dataset.queue === "event") fields.push(["seen_at", new Date(at).toISOString()]);
  /** @type {Entry} */
  const entry = {
    ...(old?.id ? { id: old.id } : {}),
    person, at, fields, files: files.kept, tries: 0, state: "waiting",
    kind: /** @type {Entry["kind"]} */ (form.dataset.queue),
    key: old?.key || (form.dataset.queue === "event" && origin().key) || newKey(),
    title: titleOf(form),
    url: form.dataset.url || form.action,
    form: form.dataset.form || window.location.pathname,
    about: form.dataset.about || "",
  };
  try {
    await save(entry);
  } catch {
    return window.alert(say("full"));
  }
  await files.clear();
  if (form.dataset.draft) localStorage.removeItem(`draft:${form.dataset.draft}`);
  navigator.storage?.persist?.();
  send(person);
  window.location.assign(origin().back || "/field/queue/");
}

/** @param {HTMLFormElement} form */
function titleOf(form) {
  if (form.dataset.title) return form.dataset.title;
  const text = form.elements.namedItem("text");
  const [line] = text instanceof HTMLTextAreaElement ? text.value.trim().split("\n") : [""];
  const kind = form.elements.namedItem("category");
  const named = kind instanceof HTMLSelectElement ? kind.selectedOptions[0]?.textContent || "" : "";
  return line.slice(0, 40) || named;
}

/** @param {HTMLFormElement} form @param {Entry} entry */
function refill(form, entry) {
  for (const [name, value] of entry.fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
    else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) field.value = value;
    else if (field instanceof RadioNodeList) field.value = value;
  }
  const box = form.closest("details");
  if (box) box.open = true;
  const alert = make("div", "alert alert-danger", entry.reason || "");
  alert.setAttribute("role", "alert");
  form.prepend(alert);
  for (const [name, faults] of Object.entries(entry.errors || {})) {
    const field = form.elements.namedItem(name);
    const words = make("div", "text-danger", faults.join(" "));
    if (!(field instanceof HTMLElement) || field.getAttribute("type") === "hidden") {
      alert.append(words);
      continue;
    }
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    words.id = `${field.id}_fault`;
    field.setAttribute("aria-describedby", words.id);
    field.after(words);
  }
  alert.scrollIntoView({ block: "center" });
}

/** @param {HTMLFormElement} form */
function locateWith(form) {
  const button = form.querySelector("[data-here]");
  if (!(button instanceof HTMLButtonElement) || !navigator.geolocation) return;
  const said = form.querySelector("[data-here-said]");
  /** @param {string} words */
  const tell = (words) => said && (said.textContent = words);
  const look = () => {
    tell(say("locating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(form, "lon", coords.longitude.toFixed(6));
        put(form, "lat", coords.latitude.toFixed(6));
        put(form, "accuracy", String(Math.round(coords.accuracy)));
        const map = form.querySelector("[data-map][data-ready]");
        map?.dispatchEvent(new CustomEvent("linli:place", { detail: { lon: coords.longitude, lat: coords.latitude } }));
        const n = Math.round(coords.accuracy);
        tell(say(n > 100 ? "rough" : "located", { n }));
      },
      () => tell(say("not_located")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 },
    );
  };
  button.hidden = false;
  button.addEventListener("click", look);
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function put(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}
