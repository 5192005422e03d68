// Mark the points of a route on one map: choose a line, then tap the map.

const lon = document.getElementById("pick_lon");
const lat = document.getElementById("pick_lat");
const words = document.querySelector("[data-marking]");
/** @type {Element | null} */
let chosen = null;

/** @param {Element} point @param {string} name @param {string} value */
function put(point, name, value) {
  const field = point.querySelector(`input[name$="-${name}"]`);
  if (field instanceof HTMLInputElement) field.value = value;
}

/** @param {Element} point @param {string | undefined} text */
function say(point, text) {
  const said = point.querySelector("[data-marked]");
  if (said) said.textContent = text || "";
}

if (lon instanceof HTMLInputElement && lat instanceof HTMLInputElement && words instanceof HTMLElement) {
  document.querySelectorAll("[data-point]").forEach((point) => {
    const button = point.querySelector("[data-mark]");
    if (!(button instanceof HTMLElement)) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      chosen = point;
      say(point, words.dataset.marking);
      document.getElementById("route-map")?.scrollIntoView({ block: "center" });
    });
  });
  lon.addEventListener("change", () => {
    if (!chosen) return;
    put(chosen, "lon", lon.value);
    put(chosen, "lat", lat.value);
    say(chosen, words.dataset.done);
    chosen.querySelector("[data-mark]")?.scrollIntoView({ block: "center" });
    chosen = null;
  });
}
