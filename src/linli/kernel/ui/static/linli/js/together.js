// Rows chosen in a list: choose all, count them, and let the buttons rest while there is none.

/** Bring the bar below a list to life; without script the bar works as a plain form. */
export function chooseRows() {
  const bar = document.querySelector("[data-together]");
  const words = bar.querySelector("[data-picked]");
  const none = words.textContent;
  const boxes = [...document.querySelectorAll(`input[name="pick"][form="${bar.id}"]`)];
  const all = document.querySelector("[data-pick-all]");
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    words.textContent = count ? words.dataset.some.replace("%s", String(count)) : none;
    bar.querySelectorAll("button").forEach((button) => { button.disabled = !count; });
    if (!all) return;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = all.checked; });
      show();
    });
  }
  document.addEventListener("change", (event) => { if (boxes.includes(event.target)) show(); });
  // The browser may have kept the ticks when coming back to the list.
  window.addEventListener("pageshow", show);
  show();
}
