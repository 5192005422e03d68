// The groups of the desk's menu stay as somebody left them; the one that one is in is always open.

const KEPT = "linli-menu";

/** @returns {Record<string, boolean>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** Open and close the groups as they were, and remember what is opened and closed. */
export function keepGroups() {
  const state = kept();
  const nav = document.querySelector(".linli-side nav");
  document.querySelectorAll("details[data-group]").forEach((group) => {
    if (!(group instanceof HTMLDetailsElement)) return;
    const name = group.dataset.group ?? "";
    const narrow = matchMedia("(max-width: 991px)").matches;
    const here = group.querySelector("[aria-current]") !== null;
    if (name in state && !here) group.open = state[name] && !narrow;
    else if (narrow && !here) group.open = false;
    group.querySelector("summary")?.addEventListener("click", () => {
      localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [name]: !group.open }));
    });
  });
  const here = nav?.querySelector("[aria-current]");
  if (nav instanceof HTMLElement && here instanceof HTMLElement && nav.scrollWidth > nav.clientWidth) {
    nav.scrollLeft = here.offsetLeft - nav.offsetLeft - 16;
  }
}
