// The map editor: clicks become lines of "longitude, latitude" in the form, snapped to what stands.

const RED = "#b42318";
const BLUE = "#1d4ed8";
const NEAR = 12; // pixels

/** @typedef {{x: number, y: number}} Pixel */

/** The point of a segment nearest to a pixel. @param {Pixel} p @param {Pixel} a @param {Pixel} b */
function foot(p, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return { x: a.x + t * dx, y: a.y + t * dy, t };
}

/** Every ring of the standing parts, as lists of [lon, lat]. @param {any} layer @returns {number[][][]} */
function rings(layer) {
  /** @type {number[][][]} */
  const found = [];
  layer?.eachLayer(/** @param {any} part */ (part) => {
    const { type, coordinates } = part.feature?.geometry || {};
    if (type === "Polygon") found.push(...coordinates);
    if (type === "MultiPolygon") coordinates.forEach(/** @param {any} one */ (one) => found.push(...one));
  });
  return found;
}

/** Put a click on the nearest corner, else on the nearest border, if one is near. @param {any} map @param {any} leaflet @param {number[][][]} lines @param {any} at */
function snap(map, leaflet, lines, at) {
  const here = map.latLngToContainerPoint(at);
  let best = { far: NEAR, lon: at.lng, lat: at.lat };
  let edge = { far: NEAR, lon: at.lng, lat: at.lat };
  for (const ring of lines) {
    const pixels = ring.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]));
    pixels.forEach((pixel, i) => {
      const far = Math.hypot(pixel.x - here.x, pixel.y - here.y);
      if (far < best.far) best = { far, lon: ring[i][0], lat: ring[i][1] };
      if (!i) return;
      const on = foot(here, pixels[i - 1], pixel);
      const away = Math.hypot(on.x - here.x, on.y - here.y);
      if (away >= edge.far) return;
      const [a, b] = [ring[i - 1], ring[i]];
      edge = { far: away, lon: a[0] + on.t * (b[0] - a[0]), lat: a[1] + on.t * (b[1] - a[1]) };
    });
  }
  return best.far < NEAR ? best : edge;
}

/** Mark what the last edit was refused for. @param {any} map @param {any} leaflet */
function showFaults(map, leaflet) {
  const told = document.getElementById("map-faults");
  if (!told) return;
  const style = { color: RED, fillColor: RED, fillOpacity: 0.5, weight: 3 };
  const faults = leaflet.geoJSON(JSON.parse(told.textContent || "{}"), { style }).addTo(map);
  faults.eachLayer(/** @param {any} part */ (part) => part.bindTooltip(part.feature.properties.name));
  if (faults.getLayers().length) map.fitBounds(faults.getBounds(), { padding: [40, 40], maxZoom: 17 });
}

/** @param {HTMLElement} box @param {any} map @param {any} leaflet @param {any} layer */
export function editMap(box, map, leaflet, layer) {
  const form = document.getElementById(box.dataset.edit || "");
  const field = form?.querySelector("textarea[name=points]");
  if (!(form instanceof HTMLFormElement) || !(field instanceof HTMLTextAreaElement)) return;
  const lines = rings(layer);
  const draft = leaflet.layerGroup().addTo(map);
  const said = document.querySelector("[data-edit-said]");
  const tool = () => String(new FormData(form).get("tool") || "split");
  /** @returns {number[][]} */
  const points = () =>
    field.value
      .split("\n")
      .map((line) => line.split(/[,，]/).map(Number))
      .filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
  const paint = () => {
    draft.clearLayers();
    const places = points().map(([lon, lat]) => [lat, lon]);
    const style = { color: BLUE, weight: 3, dashArray: "6 4" };
    if (tool() === "border") {
      for (let i = 0; i + 1 < places.length; i += 2) leaflet.polyline(places.slice(i, i + 2), style).addTo(draft);
    } else if (places.length > 1) {
      (tool() === "draw" ? leaflet.polygon(places, style) : leaflet.polyline(places, style)).addTo(draft);
    }
    places.forEach((at) => leaflet.circleMarker(at, { radius: 5, color: BLUE, fillOpacity: 1 }).addTo(draft));
    if (said instanceof HTMLElement) {
      said.textContent = places.length ? (said.dataset.editSaid || "#").replace("#", String(places.length)) : "";
    }
    layer?.eachLayer(/** @param {any} part */ (part) => {
      const tick = form.querySelector(`input[name=grids][value="${part.feature.properties.id}"]`);
      const on = tick instanceof HTMLInputElement && tick.checked;
      part.setStyle?.({ fillOpacity: on ? 0.5 : 0.15, weight: on ? 3 : 1 });
    });
  };
  /** @param {any} at */
  const add = (at) => {
    if (tool() === "merge") return;
    const { lon, lat } = snap(map, leaflet, lines, at);
    field.value = [...points(), [lon, lat]].map((pair) => pair.map((n) => n.toFixed(9)).join(", ")).join("\n");
    paint();
  };
  map.on("click", /** @param {any} event */ (event) => add(event.latlng));
  layer?.eachLayer(/** @param {any} part */ (part) =>
    part.on("click", () => {
      const tick = form.querySelector(`input[name=grids][value="${part.feature.properties.id}"]`);
      if (tool() !== "merge" || !(tick instanceof HTMLInputElement)) return;
      tick.checked = !tick.checked;
      paint();
    }),
  );
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add(map.getCenter());
  });
  form.addEventListener("input", paint);
  /** @param {string} mark @param {() => void} act */
  const button = (mark, act) => {
    const found = document.querySelector(mark);
    if (!(found instanceof HTMLButtonElement)) return;
    found.hidden = false;
    found.addEventListener("click", () => {
      act();
      paint();
    });
  };
  button("[data-edit-undo]", () => (field.value = field.value.trim().split("\n").slice(0, -1).join("\n")));
  button("[data-edit-clear]", () => (field.value = ""));
  showFaults(map, leaflet);
  paint();
}
