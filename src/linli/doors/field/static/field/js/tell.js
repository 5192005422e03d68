// What the phone says: words from the page, in the person's language, and news between its windows.

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("field-words")?.textContent || "{}");
const channel = new BroadcastChannel("linli-field");

/** @param {string} name @param {Record<string, string | number>} [values] @returns {string} */
export function say(name, values = {}) {
  return Object.entries(values).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, String(value)),
    words[name] || name,
  );
}

/** @param {number} moment @returns {string} */
export function clock(moment) {
  const at = new Date(moment);
  const day = at.toDateString() === new Date().toDateString() ? "" : `${at.getMonth() + 1}-${at.getDate()} `;
  return `${day}${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** Tell every window that the queue has changed. */
export function changed() {
  channel.postMessage("changed");
  document.dispatchEvent(new Event("linli:queue"));
}

/** @param {() => void} act */
export function onChange(act) {
  channel.addEventListener("message", act);
  document.addEventListener("linli:queue", act);
}

/**
 * @param {string} tag @param {string} [classes] @param {string} [text]
 * @returns {HTMLElement}
 */
export function make(tag, classes = "", text = "") {
  const element = document.createElement(tag);
  element.className = classes;
  element.textContent = text;
  return element;
}
