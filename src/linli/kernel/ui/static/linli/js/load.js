// Load a classic script once, when a page first needs it.

/** @type {Map<string, Promise<void>>} */
const loading = new Map();

/** @param {string} address @returns {Promise<void>} */
export function loadScript(address) {
  const known = loading.get(address);
  if (known) return known;
  /** @type {Promise<void>} */
  const promise = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(address));
    document.head.append(script);
  });
  loading.set(address, promise);
  return promise;
}
