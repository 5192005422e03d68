// A button marked data-wait="SECONDS" rests that long and counts down; the server holds to it too.

/** Let every waiting button count down. */
export function countDown() {
  document.querySelectorAll("button[data-wait]").forEach((button) => {
    if (!(button instanceof HTMLButtonElement)) return;
    const end = Date.now() + Number(button.dataset.wait) * 1000;
    const words = button.textContent?.trim() ?? "";
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      button.disabled = left > 0;
      button.textContent = left > 0 ? `${words} (${left})` : words;
      if (left > 0) setTimeout(tick, 250);
    };
    tick();
  });
}
