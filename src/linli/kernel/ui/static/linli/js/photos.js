// Show chosen photos before they are sent, and say at once where one is too large.

/** Preview the files of inputs marked data-photos (data-max: bytes, data-most: how many). */
export function showPhotos() {
  document.querySelectorAll("input[type=file][data-photos]").forEach((input) => {
    if (!(input instanceof HTMLInputElement)) return;
    const box = document.createElement("div");
    box.className = "d-flex flex-wrap gap-2 mt-2";
    box.setAttribute("aria-live", "polite");
    (input.closest(".linli-files") || input).after(box);
    input.addEventListener("change", () => {
      box.replaceChildren();
      const most = Number(input.dataset.most || 9);
      const limit = Number(input.dataset.max || 10 * 1024 * 1024);
      const files = Array.from(input.files || []);
      let fault = files.length > most ? input.dataset.tooMany || "" : "";
      for (const file of files) {
        if (file.size > limit) fault = `${file.name}: ${input.dataset.tooLarge || ""}`;
        if (!file.type.startsWith("image/")) {
          const name = document.createElement("span");
          name.textContent = file.name;
          box.append(name);
          continue;
        }
        const image = document.createElement("img");
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        image.height = 88;
        image.className = "rounded";
        box.append(image);
      }
      input.setCustomValidity(fault);
      if (fault) input.reportValidity();
    });
  });
}
