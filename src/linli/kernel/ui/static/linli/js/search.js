// A long select marked data-search gets a box above it that narrows its choices; without script it is a plain select.

/** @typedef {{ value: string, text: string, group: string }} Choice */

/** Give every long select its box; forms that come later are not looked at. */
export function searchSelects() {
  for (const select of document.querySelectorAll("select[data-search]")) {
    if (select instanceof HTMLSelectElement && select.options.length > 12) addBox(select);
  }
}

/** @param {HTMLSelectElement} select */
function addBox(select) {
  /** @type {Choice[]} */
  const all = [...select.options].map((option) => ({
    value: option.value,
    text: option.text,
    group: option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : "",
  }));
  const box = document.createElement("input");
  box.type = "search";
  box.className = "form-control mb-1";
  box.placeholder = select.dataset.search || "";
  box.autocomplete = "off";
  box.setAttribute("aria-label", select.dataset.search || "");
  if (select.id) box.setAttribute("aria-controls", select.id);
  const said = document.createElement("div");
  said.className = "form-hint";
  said.setAttribute("role", "status");
  select.before(box);
  select.after(said);

  const narrow = () => {
    const words = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter((one) => one.value && words.every((word) => `${one.group} ${one.text}`.toLowerCase().includes(word)));
    fill(select, words.length ? found : all);
    select.size = words.length ? Math.max(2, Math.min(8, found.length)) : 0;
    said.textContent = words.length ? (select.dataset.found || "{n}").replace("{n}", String(found.length)) : "";
  };
  const close = () => {
    box.value = "";
    const chosen = select.value;
    narrow();
    select.value = chosen;
  };
  box.addEventListener("input", narrow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault(); // choosing is not sending
      const first = [...select.options].find((option) => option.value);
      if (box.value.trim() && first) {
        select.value = first.value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    } else if (event.key === "ArrowDown" && box.value.trim()) {
      event.preventDefault();
      select.focus();
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }
  });
  select.addEventListener("change", () => {
    if (document.activeElement !== select) close();
  });
  select.addEventListener("click", () => select.size && select.value && close());
  select.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && select.size) {
      event.preventDefault();
      close();
    }
  });
}

/** @param {HTMLSelectElement} select @param {Choice[]} choices */
function fill(select, choices) {
  const kept = select.value;
  select.replaceChildren();
  /** @type {Map<string, HTMLOptGroupElement>} */
  const groups = new Map();
  for (const one of choices) {
    const option = new Option(one.text, one.value, false, one.value === kept);
    if (!one.group) {
      select.append(option);
      continue;
    }
    let group = groups.get(one.group);
    if (!group) {
      group = document.createElement("optgroup");
      group.label = one.group;
      groups.set(one.group, group);
      select.append(group);
    }
    group.append(option);
  }
}
