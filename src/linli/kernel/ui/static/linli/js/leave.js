// Logging out takes along what this browser kept for the person (form data-leave="PERSON").

const LEAVING = "linli-leaving";

/** @param {HTMLFormElement} form */
async function leave(form) {
  const person = form.dataset.leave || "";
  try {
    const kept = await import("./kept.js");
    const left = await kept.countUnsent(person);
    const sure = (form.dataset.unsent || "").replace("{n}", String(left));
    if (left && !window.confirm(sure)) return;
    await kept.forget(person);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
  if (await reached()) return form.submit();
  // Without network the server hears of it as soon as there is one.
  localStorage.setItem(LEAVING, person);
  window.location.reload();
}

/** Tell whether the server answers; `navigator.onLine` only knows of the cable. */
async function reached() {
  return fetch("/healthz", { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
}

/** Clear before every log-out; where entries have not been sent, ask first. */
export function clearOnLeaving() {
  document.querySelectorAll("form[data-leave]").forEach((form) => {
    if (!(form instanceof HTMLFormElement)) return;
    const left = localStorage.getItem(LEAVING);
    if (left && !document.body.dataset.copy) {
      localStorage.removeItem(LEAVING);
      if (left === form.dataset.leave) return form.submit();
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      leave(form);
    });
  });
}
