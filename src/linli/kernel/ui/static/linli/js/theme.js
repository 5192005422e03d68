// Follow the system's colours where the person has chosen none. Runs before the first paint.
(function () {
  const root = document.documentElement;
  if (root.dataset.themeChoice !== "auto") return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
})();
