// The desk by keyboard. Single keys do nothing while something is typed, and can be switched off.

const SWITCH = "linli-keys-off";
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const off = () => localStorage.getItem(SWITCH) === "1";

let row = -1;

/**
 * Stand on another row of the list; its link takes the focus, so that Enter opens it.
 * @param {number} step
 */
function move(step) {
  const rows = [...document.querySelectorAll("tr[data-row]")];
  if (!rows.length) return false;
  row = Math.min(Math.max(row + step, 0), rows.length - 1);
  rows.forEach((one, at) => one.classList.toggle("linli-here", at === row));
  rows[row].querySelector("a")?.focus({ preventScroll: true });
  rows[row].scrollIntoView({ block: "nearest" });
  return true;
}

function tick() {
  const box = document.querySelector("tr[data-row].linli-here input[name=pick]");
  if (!(box instanceof HTMLInputElement)) return false;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

/** @param {string} selector */
function go(selector) {
  const link = document.querySelector(selector);
  if (!(link instanceof HTMLElement)) return false;
  link.click();
  return true;
}

function search() {
  const field = document.getElementById("top-search");
  field?.focus();
  return Boolean(field);
}

/** Listen to the keys that the help (?) names. */
export function listenToKeys() {
  const help = document.querySelector("[data-keys]");
  const choice = help?.querySelector("[data-keys-on]");
  if (!(help instanceof HTMLDialogElement) || !(choice instanceof HTMLInputElement)) return;
  choice.checked = !off();
  choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "0" : "1"));
  document.querySelectorAll("[data-keys-open]").forEach((button) => {
    button.removeAttribute("hidden");
    button.addEventListener("click", () => help.showModal());
  });
  /** @type {Record<string, () => boolean>} */
  const acts = {
    j: () => move(1), k: () => move(-1), x: tick, "/": search,
    "[": () => go("a[rel=prev]"), "]": () => go("a[rel=next]"),
    "?": () => { help.showModal(); return true; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || off() || help.open) return;
    const typing = event.target instanceof Element && event.target.closest(FIELDS);
    if (event.isComposing || typing) return;
    const act = acts[event.key];
    const named = /^[a-z]$/.test(event.key) && `[data-key="${event.key}"]`;
    if (act ? act() : named && go(named)) event.preventDefault();
  });
}
