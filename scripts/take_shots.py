"""Take the README's screenshots into docs/shots.

Starts a demonstration of its own on a free port, in a folder of its own that is removed afterwards.
Options: --base ADDRESS takes them from one that runs already; names take only these pictures.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "shots"
PASSWORD = "Linli-demo-2026"  # of the invented people of the demonstration
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, DESK = (390, 844), (1440, 900)
MOST_BYTES = 250_000
PATIENCE = 600  # seconds until a demonstration loaded from nothing answers


@dataclass(frozen=True)
class Shot:
    """One picture: its name, who looks (blank: nobody), where, how large, in which colours."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = DESK
    theme: str = "light"
    first: str = ""


SHOTS = (
    Shot("home", "", "/", PHONE),
    Shot("report", "", "/report/", PHONE),
    Shot("case", "resident", "/my/cases/", PHONE, first="main a.linli-tile:has(.bg-orange-lt)"),
    Shot("todo", "dispatch", "/desk/"),
    Shot("detail", "dispatch", "/desk/", first="main tbody tr:has(.bg-orange-lt) a"),
    Shot("list", "lead", "/desk/cases/?overdue=1"),
    Shot("cockpit", "lead", "/desk/cockpit/"),
    Shot("areas", "community", "/desk/areas/370705001001/"),
    Shot("field", "grid", "/field/", PHONE),
    Shot("dark", "lead", "/desk/cockpit/", theme="dark"),
)


def enter(page: Page, who: str) -> None:
    """Log in as a named member of staff, or as a resident of the demonstration."""
    if who == "resident":
        page.goto("/login/")
        page.fill("[name=phone]", "19000000001")
        page.click("main button.btn-primary")
        page.fill("[name=code]", page.inner_text("[data-demo-code]"))
        page.click("main button.btn-primary")
    elif who:
        page.goto("/staff/login/")
        page.fill("[name=username]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("main button.btn-primary")
    page.wait_for_load_state()


def take(browser: Any, base: str, shot: Shot) -> None:
    """Take one picture."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", base_url=base
    )
    context.add_cookies([{"name": "linli_theme", "value": shot.theme, "url": base}])
    page = context.new_page()
    enter(page, shot.who)
    page.goto(shot.path)
    if shot.first:
        page.locator(shot.first).first.click()
        page.wait_for_load_state()
    page.wait_for_timeout(1500)
    size = keep(page.screenshot(), FOLDER / f"{shot.name}.png")
    print(f"{shot.name:<10} {size // 1024:>4} KB  {page.url.removeprefix(base)}")
    context.close()


def keep(picture: bytes, target: Path) -> int:
    """Write a picture with a palette, which shrinks it to a third; return its size in bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{target.name} has {size} bytes, more than {MOST_BYTES}")
    return size


@contextmanager
def demonstration() -> Iterator[str]:
    """Run a demonstration of our own and yield its address; nothing of it stays."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)  # the database's own user must reach its folder
        settings = os.environ | {"LINLI_HOME": home}
        settings.pop("DATABASE_URL", None)
        command = [str(Path(sys.executable).parent / "linli"), "demo", "--port", str(port)]
        running = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"{base}/healthz", running)
            yield base
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)


def wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    """Return once the address answers; raises SystemExit where it never will."""
    for _ in range(PATIENCE):
        if running.poll() is not None:
            raise SystemExit("the demonstration ended before it was ready")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise SystemExit(f"{address} does not answer")


def main() -> int:
    """Take every picture; exit code 1 where no Chromium is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="", help="address of a demonstration that runs")
    parser.add_argument("names", nargs="*", help="only these pictures")
    args = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no Chromium found: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    if args.base:
        take_all(chromium, args.base, args.names)
    else:
        with demonstration() as base:
            take_all(chromium, base, args.names)
    return 0


def take_all(chromium: str, base: str, names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        for shot in SHOTS:
            if not names or shot.name in names:
                take(browser, base, shot)


if __name__ == "__main__":
    sys.exit(main())
