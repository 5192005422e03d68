// Order the list by deadline and nearness. The position stays on the phone.
import { say } from "./tell.js";

const EARTH = 6_371_000; // metres

/** @param {number} lat @param {number} lon @param {number} lat2 @param {number} lon2 */
function metres(lat, lon, lat2, lon2) {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat) * rad) / 2) ** 2 +
    Math.cos(lat * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon) * rad) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(a));
}

/** @param {number} length */
function words(length) {
  return length < 950 ? say("metres", { n: Math.round(length / 10) * 10 }) : say("kilometres", { n: (length / 1000).toFixed(1) });
}

/** @param {HTMLElement} row */
const dueOf = (row) => (row.dataset.due ? Date.parse(row.dataset.due) : Infinity);

/** Overdue first; then by the day it is due; on one day the nearer first. @param {HTMLElement} row @returns {number} */
function urgency(row) {
  const due = dueOf(row);
  if (due < Date.now()) return 0;
  return due === Infinity ? 1e9 : 1 + Math.floor(due / 86_400_000 + 8 / 24);
}

/** @param {HTMLElement} list @param {GeolocationCoordinates} here */
function order(list, here) {
  const rows = [...list.querySelectorAll("[data-near-row]")].filter((row) => row instanceof HTMLElement);
  const far = new Map(rows.map((row) => {
    const { lat, lon } = row.dataset;
    return [row, lat && lon ? metres(here.latitude, here.longitude, Number(lat), Number(lon)) : Infinity];
  }));
  rows.sort((a, b) => {
    const first = urgency(a) - urgency(b);
    if (first) return first;
    if (urgency(a) === 0) return dueOf(a) - dueOf(b);
    const [x, y] = [far.get(a) ?? Infinity, far.get(b) ?? Infinity];
    return x === y ? dueOf(a) - dueOf(b) : x - y;
  });
  for (const row of rows) {
    const place = row.querySelector("[data-far]");
    const length = far.get(row) ?? Infinity;
    if (place && length < Infinity) place.textContent = words(length);
    list.append(row);
  }
}

/** @param {HTMLElement} list */
export async function orderByNearness(list) {
  const note = document.querySelector("[data-near-said]");
  const button = document.querySelector("[data-near-ask]");
  if (!navigator.geolocation || !(button instanceof HTMLElement)) return;
  const look = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        order(list, coords);
        if (note) note.textContent = say("by_nearness");
        button.hidden = true;
        list.dataset.ordered = "1";
      },
      () => note && (note.textContent = say("by_deadline")),
      { enableHighAccuracy: false, timeout: 10_000, maximumAge: 60_000 },
    );
  button.hidden = false;
  button.addEventListener("click", look);
  // Ask nobody who has not been asked; look at once where it was allowed before.
  const allowed = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (allowed?.state === "granted") look();
}
