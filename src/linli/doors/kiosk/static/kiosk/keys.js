// Keys on the glass: a terminal has no keyboard.
for (const board of document.querySelectorAll("[data-keys]")) {
  if (!(board instanceof HTMLElement)) continue;
  const field = document.getElementById(board.dataset.keys || "");
  board.addEventListener("click", (event) => {
    const key = event.target instanceof Element ? event.target.closest("[data-key]") : null;
    if (!(key instanceof HTMLElement) || !(field instanceof HTMLInputElement)) return;
    const typed = field.value.toUpperCase();
    field.value = key.dataset.key === "back" ? typed.slice(0, -1) : (typed + key.dataset.key).slice(0, field.maxLength);
  });
}
