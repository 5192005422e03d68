// The bell of the desk: how many messages wait, asked for now and each minute while the page is seen.

const MINUTE = 60_000;

/** Keep the number beside the bell; where the server does not answer, the last one stays. */
export function ringBell() {
  const bell = document.querySelector("[data-bell]");
  const badge = bell?.querySelector("[data-unread]");
  if (!(bell instanceof HTMLElement) || !(badge instanceof HTMLElement)) return;
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(bell.dataset.bell ?? "", {
        redirect: "error",
        headers: { "X-Linli-Passive": "1" }, // does not keep an idle log-in alive
      });
      if (!answer.ok) return;
      const { unread } = await answer.json();
      badge.hidden = !unread;
      badge.textContent = unread > 99 ? "99+" : String(unread);
    } catch {
      // No network for a while: the next minute asks again.
    }
  };
  ask();
  setInterval(ask, MINUTE);
}
