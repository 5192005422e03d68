// A button marked data-pick puts its data-value into the fields of those ids, as if it had been chosen.

/** Listen for such buttons, also those that come later. */
export function pickValues() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-pick]") : null;
    if (!(button instanceof HTMLElement)) return;
    for (const id of (button.dataset.pick || "").split(" ")) {
      const field = document.getElementById(id);
      if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) continue;
      field.value = button.dataset.value || "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
