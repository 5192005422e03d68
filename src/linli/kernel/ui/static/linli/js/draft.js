// Keep what is typed until it has been sent, so that an ended session or a dead phone loses nothing.

const DAY = 24 * 60 * 60 * 1000;

/** @param {HTMLFormElement} form */
function fields(form) {
  return Array.from(form.elements).filter(
    /** @returns {element is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
    (element) =>
      (element instanceof HTMLTextAreaElement ||
        element instanceof HTMLSelectElement ||
        (element instanceof HTMLInputElement &&
          !["hidden", "file", "password", "submit", "radio", "checkbox"].includes(element.type))) &&
      element.name !== "",
  );
}

/** @param {HTMLFormElement} form @param {string} key */
function restore(form, key) {
  const raw = localStorage.getItem(key);
  if (!raw) return;
  const saved = JSON.parse(raw);
  if (Date.now() - saved.at > 3 * DAY) return localStorage.removeItem(key);
  let restored = false;
  for (const field of fields(form)) {
    if (!field.value && saved.values[field.name]) {
      field.value = saved.values[field.name];
      restored = true;
    }
  }
  if (restored) {
    const note = document.createElement("div");
    note.className = "linli-notice mb-2";
    note.setAttribute("role", "status");
    note.textContent = document.body.dataset.draftNote || "";
    form.prepend(note);
  }
}

/** Save and restore every form marked with data-draft. */
export function keepDrafts() {
  for (const name of document.body.dataset.sent?.split(" ") ?? []) localStorage.removeItem(`draft:${name}`);
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    if (!(form instanceof HTMLFormElement)) return;
    const key = `draft:${form.dataset.draft}`;
    try {
      restore(form, key);
    } catch {
      localStorage.removeItem(key);
    }
    form.addEventListener("input", () => {
      /** @type {Record<string, string>} */
      const values = {};
      for (const field of fields(form)) values[field.name] = field.value;
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
      } catch {
        // A full or forbidden store must not hinder typing.
      }
    });
  });
}
