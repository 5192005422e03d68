// Logging out takes along what this browser kept for the person (form data-leave="PERSON").

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
  if (navigator.onLine) form.submit();
  else window.location.reload();
}

/** Clear before every log-out; where entries have not been sent, ask first. */
export function clearOnLeaving() {
  document.querySelectorAll("form[data-leave]").forEach((form) => {
    if (!(form instanceof HTMLFormElement)) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      leave(form);
    });
  });
}
