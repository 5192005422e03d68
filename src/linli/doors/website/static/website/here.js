// Find the community by the place of the phone; it is sent once and not kept.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-here]"));

if (form && "geolocation" in navigator) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    const lon = /** @type {HTMLInputElement} */ (form.elements.namedItem("lon"));
    const lat = /** @type {HTMLInputElement} */ (form.elements.namedItem("lat"));
    if (lon.value) return;
    event.preventDefault();
    navigator.geolocation.getCurrentPosition(
      (found) => {
        lon.value = String(found.coords.longitude);
        lat.value = String(found.coords.latitude);
        form.submit();
      },
      () => {
        const said = form.querySelector("[data-said]");
        if (said) said.textContent = form.dataset.denied ?? "";
      },
      { timeout: 10000, maximumAge: 60000 },
    );
  });
}
