// A spoken note: a button that records and, pressed again, ends.
import { say } from "./tell.js";

const KINDS = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
];
const MOST = 180; // seconds

/** Bring a button to life; `take` gets each recording. @param {HTMLElement} button @param {(kept: import("./queue.js").Kept) => void} take */
export function recordWith(button, take) {
  const kind = typeof MediaRecorder === "undefined" ? undefined : KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));
  if (!kind || !navigator.mediaDevices) return;
  const words = button.querySelector("[data-words]") || button;
  button.hidden = false;
  words.textContent = say("record");
  /** @type {MediaRecorder | null} */
  let recorder = null;
  button.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream, { mimeType: kind[0], audioBitsPerSecond: 24_000 });
    } catch {
      words.textContent = say("no_record");
      return;
    }
    const [type] = kind[0].split(";");
    const began = Date.now();
    const seconds = () => Math.round((Date.now() - began) / 1000);
    /** @type {Blob[]} */
    const parts = [];
    const { stream } = recorder;
    button.setAttribute("aria-pressed", "true");
    const tick = setInterval(() => {
      words.textContent = say("recording", { s: seconds() });
      if (seconds() >= MOST) recorder?.stop();
    }, 500);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(tick);
      stream.getTracks().forEach((track) => track.stop());
      recorder = null;
      button.setAttribute("aria-pressed", "false");
      words.textContent = say("record");
      const blob = new Blob(parts, { type });
      take({ name: `voice-${began}.${kind[1]}`, type, blob, label: say("voice", { s: seconds() }) });
    });
    recorder.start();
    words.textContent = say("recording", { s: 0 });
  });
}
