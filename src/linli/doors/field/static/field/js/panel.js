// The list of what waits, is on its way, was sent or was refused.
import { drop, entriesOf, save, send, untried } from "./queue.js";
import { clock, make, onChange, say } from "./tell.js";

/** @typedef {import("./queue.js").Entry} Entry */

const TONES = { waiting: "azure", sending: "blue", sent: "green", refused: "red" };

/** @param {HTMLElement} box @param {string} person */
export async function showQueue(box, person) {
  const draw = async () => {
    const entries = (await entriesOf(person)).reverse();
    const open = entries.filter((one) => one.state !== "sent");
    const sent = entries.filter((one) => one.state === "sent");
    box.replaceChildren(...[...open, ...sent].map((entry) => card(entry, person)));
    document.querySelector("[data-panel-empty]")?.toggleAttribute("hidden", entries.length > 0);
    box.dataset.drawn = "1";
  };
  onChange(draw);
  await draw();
}

/** @param {Entry} entry @param {string} person */
function card(entry, person) {
  const item = make("li", "card mb-2");
  item.dataset.entry = String(entry.id);
  item.dataset.state = entry.state;
  const body = make("div", "card-body");
  const head = make("p", "d-flex justify-content-between gap-2 mb-1");
  head.append(
    make("span", `badge linli-state bg-${TONES[entry.state]}-lt`, say(`state_${entry.state}`)),
    make("span", "text-secondary", say("recorded", { at: clock(entry.at) })),
  );
  body.append(head, make("strong", "fs-3 d-block", `${say(`kind_${entry.kind}`)}${entry.title ? ` · ${entry.title}` : ""}`));
  if (entry.files.length) body.append(make("span", "text-secondary d-block", say("files", { n: entry.files.length })));
  if (entry.state === "waiting" && entry.tries) body.append(make("span", "text-secondary d-block", say("tried", { n: entry.tries })));
  if (entry.state === "refused") body.append(...refusal(entry, person));
  if (entry.state === "waiting" && untried(entry)) body.append(remover(entry, person));
  if (entry.state === "sent" && entry.href) {
    const link = make("a", "btn w-100 mt-2", entry.number ? `${say("open")} ${entry.number}` : say("open"));
    link.setAttribute("href", entry.href);
    body.append(link);
  }
  item.append(body);
  return item;
}

/** @param {Entry} entry @param {string} person */
function refusal(entry, person) {
  const words = make("div", "alert alert-danger my-2", entry.reason || "");
  for (const faults of Object.values(entry.errors || {})) words.append(make("div", "", faults.join(" ")));
  const acts = make("div", "d-grid gap-2");
  const edit = make("a", "btn btn-primary", say("edit"));
  edit.setAttribute("href", `${entry.form}?entry=${entry.id}`);
  const again = make("button", "btn", say("again"));
  again.addEventListener("click", async () => {
    await save({ ...entry, state: "waiting", tries: 0, reason: "", errors: {} });
    send(person);
  });
  acts.append(edit, again, remover(entry, person));
  return [words, acts];
}

/** @param {Entry} entry @param {string} person */
function remover(entry, person) {
  const remove = make("button", "btn btn-link text-danger", say("drop"));
  remove.addEventListener("click", () => {
    if (window.confirm(say("drop_sure"))) drop(person, entry.id || 0);
  });
  return remove;
}
