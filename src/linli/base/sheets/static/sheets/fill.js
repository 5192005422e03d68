// Fill in a sheet by keyboard: Enter and the arrows go from cell to cell, a block copied from a
// workbook fills one cell after the other. Without script the form works as any other.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Cell */

/** @param {HTMLFormElement} form @returns {Cell[]} */
function cells(form) {
  return [.../** @type {NodeListOf<Cell>} */ (form.querySelectorAll("[name^='c-']"))];
}

/** The cells one goes through from a cell: those of its column in a table, else all of them.
 * @param {HTMLFormElement} form @param {Cell} cell @returns {Cell[]} */
function column(form, cell) {
  const place = cell.closest("td");
  if (!place) return cells(form);
  return cells(form).filter((other) => other.closest("td")?.cellIndex === place.cellIndex);
}

/** @param {Cell} cell */
function reach(cell) {
  cell.focus();
  if (cell instanceof HTMLInputElement && cell.type !== "date") cell.select();
}

/** @param {HTMLFormElement} form @param {KeyboardEvent} event */
function go(form, event) {
  const cell = event.target;
  if (!(cell instanceof HTMLInputElement) || event.isComposing) return;
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
  if (!step || (cell.type === "date" && event.key !== "Enter")) return;
  const all = column(form, cell);
  const next = all[all.indexOf(cell) + step];
  event.preventDefault();
  if (next) reach(next);
}

/** Put one value into a cell as its kind takes it. @param {Cell} cell @param {string} text */
function put(cell, text) {
  const plain = text.normalize("NFKC").trim();
  if (cell instanceof HTMLSelectElement) {
    const found = [...cell.options].find((option) => option.text.trim() === plain);
    if (found) cell.value = found.value;
  } else if (cell instanceof HTMLInputElement && cell.type === "number") {
    cell.value = plain.replaceAll(",", "");
  } else if (cell instanceof HTMLInputElement && cell.type === "date") {
    const day = plain.match(/^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$/);
    cell.value = day ? `${day[1]}-${day[2]?.padStart(2, "0")}-${day[3]?.padStart(2, "0")}` : plain;
  } else cell.value = plain;
  cell.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Put a block of a workbook into the lines of a table, cell by cell; what is locked stays.
 * @param {HTMLInputElement} from @param {string} text @param {ClipboardEvent} event */
function block(from, text, event) {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (lines.length < 2 && !text.includes("\t")) return;
  const start = from.closest("td")?.cellIndex ?? 0;
  let row = from.closest("tr");
  event.preventDefault();
  for (const line of lines) {
    line.split("\t").forEach((value, number) => {
      const cell = /** @type {Cell | null | undefined} */ (
        row?.cells[start + number]?.querySelector("[name^='c-']")
      );
      if (cell) put(cell, value);
    });
    row = /** @type {HTMLTableRowElement | null} */ (row?.nextElementSibling ?? null);
  }
}

/** @param {HTMLFormElement} form @param {ClipboardEvent} event */
function paste(form, event) {
  const from = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (from instanceof HTMLInputElement && from.closest("td")) {
    block(from, text, event);
    return;
  }
  const values = text.replace(/\r?\n$/, "").split(/\r?\n|\t/);
  if (values.length < 2 || from instanceof HTMLTextAreaElement) return;
  const all = cells(form);
  const start = all.findIndex((cell) => cell === from);
  if (start < 0) return;
  event.preventDefault();
  values.forEach((value, number) => {
    const cell = all[start + number];
    if (cell) put(cell, value);
  });
  const last = all[Math.min(start + values.length, all.length) - 1];
  if (last) reach(last);
}

document.querySelectorAll("form[data-fill]").forEach((found) => {
  const form = /** @type {HTMLFormElement} */ (found);
  form.addEventListener("keydown", (event) => go(form, event));
  form.addEventListener("paste", (event) => paste(form, event));
});
