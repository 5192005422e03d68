// Buttons marked data-print print the page.

/** Let every button marked data-print open the browser's print window. */
export function printButtons() {
  document.querySelectorAll("[data-print]").forEach((button) =>
    button.addEventListener("click", () => window.print()),
  );
}
