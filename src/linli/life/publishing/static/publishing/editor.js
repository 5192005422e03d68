// The editor of stories over the plain text field, which stays what is sent; without script one
// types into that field.

/** @typedef {{root: HTMLElement, clipboard: {dangerouslyPasteHTML(html: string): void},
 *   on(name: string, then: () => void): void, getSelection(focus: boolean): {index: number},
 *   insertEmbed(at: number, kind: string, value: string, by: string): void,
 *   formatText(at: number, length: number, name: string, value: string, by: string): void}} Editor */

const TOOLS = [
  [{ header: [2, 3, false] }],
  ["bold", "italic", "underline"],
  [{ list: "ordered" }, { list: "bullet" }],
  ["blockquote", "link", "clean"],
];

/** @param {string} html @returns {boolean} */
function isHtml(html) {
  return /<(p|h2|h3|ul|ol|table|blockquote|img)\b/i.test(html);
}

/** Lists as browsers read them: the editor marks the kind on each item. @param {string} html */
function plain(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  box.content.querySelectorAll(".ql-ui").forEach((one) => one.remove());
  box.content.querySelectorAll("ol").forEach((list) => {
    if (list.querySelector(":scope > li[data-list='bullet']")) {
      const other = document.createElement("ul");
      other.append(...list.childNodes);
      list.replaceWith(other);
    }
  });
  return box.innerHTML;
}

/** @param {HTMLTextAreaElement} area */
function begin(area) {
  const place = document.createElement("div");
  place.className = "linli-editor";
  area.before(place);
  const make = /** @type {new (place: HTMLElement, options: object) => Editor} */ (
    /** @type {any} */ (window).Quill
  );
  const editor = new make(place, { theme: "snow", modules: { toolbar: TOOLS } });
  editor.root.setAttribute("aria-labelledby", `${area.id}_label`);
  editor.root.setAttribute("role", "textbox");
  editor.root.setAttribute("aria-multiline", "true");
  const label = document.querySelector(`label[for="${area.id}"]`);
  if (label) label.id = `${area.id}_label`;
  if (isHtml(area.value)) editor.clipboard.dangerouslyPasteHTML(area.value);
  else editor.root.innerText = area.value;
  area.hidden = true;
  const keep = () => {
    area.value = editor.root.innerText.trim() ? plain(editor.root.innerHTML) : "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  editor.on("text-change", keep);
  document.querySelectorAll("[data-picture]").forEach((button) => {
    button.addEventListener("click", () => {
      const at = editor.getSelection(true).index;
      const source = button.getAttribute("data-picture") ?? "";
      editor.insertEmbed(at, "image", source, "user");
      editor.formatText(at, 1, "alt", button.getAttribute("data-alt") ?? "", "user");
    });
  });
}

if ("Quill" in window) {
  document.querySelectorAll("textarea[data-editor]").forEach((area) => {
    begin(/** @type {HTMLTextAreaElement} */ (area));
  });
}
