// A form marked data-once is sent once: its buttons rest while the answer is on its way.

/** Guard every form marked data-once against a second tap. */
export function submitOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-once")) return;
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "1";
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  // Coming back by the browser's button must find the form usable again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach((form) => {
      form.removeAttribute("data-sending");
      form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-busy"));
    });
  });
}
