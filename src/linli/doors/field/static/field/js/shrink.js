// Photos are made smaller on the phone, before they are kept and sent; metadata stays behind.

const LONGEST = 1600;
const QUALITY = 0.82;

/** @param {File} file @returns {Promise<import("./queue.js").Kept>} */
export async function shrink(file) {
  const asIs = { name: file.name, type: file.type, blob: new Blob([await file.arrayBuffer()], { type: file.type }) };
  if (!file.type.startsWith("image/")) return asIs;
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!blob) return asIs;
    return { name: file.name.replace(/\.\w+$/, "") + ".jpg", type: "image/jpeg", blob };
  } catch {
    return asIs; // a format this phone cannot draw: the server says whether it will do
  }
}
