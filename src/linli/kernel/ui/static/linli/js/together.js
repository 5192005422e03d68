// Rows chosen in a list: choose all, count them, and let the buttons rest while there is none.

/** Bring the bar below a list to life; without script the bar works as a plain form. */
export function chooseRows() {
  const bar = document.querySelector("[data-together]");
  const words = bar?.querySelector("[data-picked]");
  if (!(bar instanceof HTMLFormElement) || !(words instanceof HTMLElement)) return;
  const none = words.textContent;
  /** @type {HTMLInputElement[]} */
  const boxes = [...document.querySelectorAll(`input[name="pick"][form="${bar.id}"]`)]
    .filter((box) => box instanceof HTMLInputElement);
  const all = document.querySelector("[data-pick-all]");
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    words.textContent = count ? (words.dataset.some ?? "%s").replace("%s", String(count)) : none;
    bar.classList.toggle("linli-idle", !count);
    bar.querySelectorAll("button").forEach((button) => { button.disabled = !count; });
    if (!(all instanceof HTMLInputElement)) return;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  if (all instanceof HTMLInputElement) {
    all.hidden = false;
    all.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = all.checked; });
      show();
    });
  }
  boxes.forEach((box) => box.addEventListener("change", show));
  // The browser may have kept the ticks when coming back to the list.
  window.addEventListener("pageshow", show);
  show();
}
