// Whoever walks away leaves nothing behind: a page that nobody touches goes back to the start.
const mark = document.querySelector("[data-idle]");
if (mark instanceof HTMLElement) {
  const wait = Number(mark.dataset.idle) * 1000;
  const leave = () => location.assign(mark.dataset.start || "/");
  let timer = setTimeout(leave, wait);
  for (const name of ["pointerdown", "keydown"]) {
    document.addEventListener(name, () => {
      clearTimeout(timer);
      timer = setTimeout(leave, wait);
    });
  }
}
