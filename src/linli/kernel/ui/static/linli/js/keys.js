// The desk by keyboard. Single keys do nothing while something is typed, and can be switched off.

const SWITCH = "linli-keys-off";
const off = () => localStorage.getItem(SWITCH) === "1";
const typing = (target) =>
  target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

let row = -1;

/** Stand on another row of the list; its link takes the focus, so that Enter opens it. */
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
  if (!box) return false;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function go(selector) {
  const link = document.querySelector(selector);
  if (!link) return false;
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
  const choice = help.querySelector("[data-keys-on]");
  choice.checked = !off();
  choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "0" : "1"));
  document.querySelectorAll("[data-keys-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  });
  const acts = {
    j: () => move(1), k: () => move(-1), x: tick, "/": search,
    "[": () => go("a[rel=prev]"), "]": () => go("a[rel=next]"),
    "?": () => { help.showModal(); return true; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || off() || help.open) return;
    if (event.isComposing || typing(event.target)) return;
    const act = acts[event.key];
    const named = /^[a-z]$/.test(event.key) && `[data-key="${event.key}"]`;
    if (act ? act() : named && go(named)) event.preventDefault();
  });
}
