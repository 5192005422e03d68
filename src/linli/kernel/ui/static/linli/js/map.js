// Maps: our own boundaries on paper; tiles only where a district has configured a source.
import { loadScript } from "./load.js";

/** @typedef {import("leaflet")} L */

/** @param {string} name */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {HTMLElement} box @param {any} leaflet */
async function draw(box, leaflet) {
  const map = leaflet.map(box, { attributionControl: Boolean(box.dataset.tiles), zoomSnap: 0.25 });
  if (box.dataset.tiles) {
    leaflet.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit || "" }).addTo(map);
  }
  map.setView([36.7, 119.14], 12);
  // A box that gets its size late, or another one, must not cut the map off.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
  const point = box.dataset.lon ? leaflet.latLng(Number(box.dataset.lat), Number(box.dataset.lon)) : null;
  const outline = await addLayer(map, leaflet, box.dataset.outline, { fillOpacity: 0.04, weight: 2 });
  const layer = await addLayer(map, leaflet, box.dataset.layers, { fillOpacity: 0.18, weight: 1 });
  // Parts lead to their pages where one looks around; a tap that marks or draws must not lead away.
  if (layer && !point && !box.dataset.picker && !box.dataset.edit) linkParts(layer);
  const red = { color: "#b42318", fillColor: "#b42318", fillOpacity: 0.5, weight: 2 };
  const marks = await addLayer(map, leaflet, box.dataset.marks, red);
  if (marks) nameParts(map, marks);
  if (point) {
    map.setView(point, 15);
    marker(leaflet, point).addTo(map);
  } else if (layer || outline) {
    map.fitBounds((layer || outline).getBounds(), { padding: [8, 8] });
  }
  if (layer) {
    nameParts(map, layer);
    map.on("zoomend", () => nameParts(map, layer));
  }
  leaflet.control.scale({ imperial: false }).addTo(map);
  if (box.dataset.edit) (await import("./map-edit.js")).editMap(box, map, leaflet, layer);
  if (box.dataset.picker) pick(box, map, leaflet, point);
  box.dataset.ready = "1";
}

/** @param {any} map @param {any} leaflet @param {string | undefined} address @param {object} style */
async function addLayer(map, leaflet, address, style) {
  if (!address) return null;
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } }).catch(() => null);
  if (!answer?.ok) return null; // without network the map stays blank and can still be tapped
  const data = await answer.json();
  if (!data.features?.length && !data.coordinates) return null;
  const base = { color: token("--linli-jade"), fillColor: token("--linli-jade"), ...style };
  return leaflet
    .geoJSON(data, {
      /** @param {any} feature */
      style: (feature) => ({ ...base, ...(feature?.properties?.style || {}) }),
    })
    .addTo(map);
}

/** Make the parts that have a page lead to it. @param {any} layer */
function linkParts(layer) {
  layer.eachLayer(/** @param {any} part */ (part) => {
    const { href } = part.feature?.properties || {};
    if (href) part.on("click", () => window.location.assign(href));
  });
}

/** Write names into the parts they fit into; the others say theirs when pointed at. @param {any} map @param {any} layer */
function nameParts(map, layer) {
  /** @type {{x: number, y: number, w: number, h: number}[]} */
  const taken = [];
  layer.eachLayer(/** @param {any} part */ (part) => {
    const { name, text } = part.feature?.properties || {};
    if (!name || !part.getBounds) return;
    const [value] = (text || "").split("（");
    const at = map.latLngToContainerPoint(part.getCenter());
    const box = { x: at.x, y: at.y, w: Math.max(name.length * 14, value.length * 9), h: text ? 40 : 20 };
    const bounds = part.getBounds();
    const width = map.latLngToContainerPoint(bounds.getNorthEast()).x - map.latLngToContainerPoint(bounds.getSouthWest()).x;
    const free = taken.every((one) => Math.abs(one.x - box.x) * 2 > one.w + box.w || Math.abs(one.y - box.y) * 2 > one.h + box.h);
    const words = document.createElement("span");
    part.unbindTooltip();
    if (free && width > name.length * 14) {
      taken.push(box);
      words.append(name);
      if (value) words.append(document.createElement("br"), value);
      part.bindTooltip(words, { permanent: true, direction: "center", className: "linli-place" });
    } else {
      words.textContent = text ? `${name}: ${text}` : name;
      part.bindTooltip(words, { sticky: true });
    }
  });
}

/** @param {any} leaflet @param {any} point */
function marker(leaflet, point) {
  return leaflet.circleMarker(point, {
    radius: 10, weight: 3, color: "#fff", fillColor: token("--linli-persimmon"), fillOpacity: 1,
  });
}

/** @param {HTMLElement} box @param {any} map @param {any} leaflet @param {any} first */
function pick(box, map, leaflet, first) {
  const [lon, lat] = (box.dataset.picker || "").split(",").map((id) => document.getElementById(id));
  if (!(lon instanceof HTMLInputElement) || !(lat instanceof HTMLInputElement)) return;
  let current = first ? marker(leaflet, first).addTo(map) : null;
  const said = document.querySelector(`[data-map-said="${box.id}"]`);
  /** @param {string | undefined} words */
  const say = (words) => said && (said.textContent = words || "");
  /** @param {any} place */
  const choose = (place) => {
    current?.remove();
    current = marker(leaflet, place).addTo(map);
    lon.value = place.lng.toFixed(6);
    lat.value = place.lat.toFixed(6);
    say(`${box.dataset.chosen}: ${lon.value}, ${lat.value}`);
    lon.dispatchEvent(new Event("change", { bubbles: true }));
  };
  map.on("click", /** @param {any} event */ (event) => choose(event.latlng));
  // A page that knows the place says so: new CustomEvent("linli:place", { detail: { lon, lat } }).
  box.addEventListener("linli:place", (event) => {
    const { lon: x, lat: y } = /** @type {CustomEvent} */ (event).detail;
    const place = leaflet.latLng(y, x);
    map.setView(place, 16);
    choose(place);
  });
  // By keyboard: the arrow keys move the map, Enter marks its centre.
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      choose(map.getCenter());
    }
  });
  document.querySelectorAll(`[data-locate="${box.id}"]`).forEach((button) =>
    button.addEventListener("click", () => {
      // Browsers give no position to pages without https, and people may refuse.
      if (!navigator.geolocation) return say(box.dataset.notLocated);
      navigator.geolocation.getCurrentPosition(
        (here) => {
          const place = leaflet.latLng(here.coords.latitude, here.coords.longitude);
          map.setView(place, 16);
          choose(place);
        },
        () => say(box.dataset.notLocated),
        { enableHighAccuracy: true, timeout: 10000 },
      );
    }),
  );
}

/** Draw every element marked data-map. */
export async function drawMaps() {
  for (const box of document.querySelectorAll("[data-map]")) {
    if (!(box instanceof HTMLElement)) continue;
    await loadScript(box.dataset.leaflet || "");
    await draw(box, /** @type {any} */ (window).L);
  }
}
