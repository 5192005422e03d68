// Read an article aloud with the browser's own voice, and stop again.

document.querySelectorAll("[data-aloud]").forEach((found) => {
  const button = /** @type {HTMLButtonElement} */ (found);
  const words = /** @type {HTMLElement | null} */ (button.querySelector("span"));
  const text = document.getElementById(button.dataset.aloud ?? "")?.innerText ?? "";
  if (!("speechSynthesis" in window) || !words || !text) return;
  const begin = words.textContent ?? "";
  const still = () => {
    words.textContent = begin;
    button.setAttribute("aria-pressed", "false");
  };
  button.hidden = false;
  still();
  button.addEventListener("click", () => {
    if (window.speechSynthesis.speaking) {
      window.speechSynthesis.cancel();
      still();
      return;
    }
    // Long texts are cut by some browsers: one paragraph at a time.
    const parts = [document.title.split(" · ")[0] ?? "", ...text.split(/\n+/)].filter(Boolean);
    parts.forEach((part, number) => {
      const said = new SpeechSynthesisUtterance(part);
      said.lang = "zh-CN";
      said.rate = 0.9;
      if (number === parts.length - 1) said.addEventListener("end", still);
      window.speechSynthesis.speak(said);
    });
    words.textContent = button.dataset.stop ?? "";
    button.setAttribute("aria-pressed", "true");
  });
});
window.addEventListener("pagehide", () => window.speechSynthesis?.cancel());
