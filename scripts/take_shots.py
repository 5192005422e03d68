"""Take the README's screenshots from a running demonstration.

Start `make demo` in another terminal first, then run `make shots`. Options: --base ADDRESS.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "shots"
PASSWORD = "Linli-demo-2026"  # of the invented people of the demonstration
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, DESK = (390, 844), (1440, 900)


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
    Shot("case", "resident", "/my/cases/", PHONE, first="main a.linli-tile"),
    Shot("todo", "dispatch", "/desk/"),
    Shot("detail", "dispatch", "/desk/", first="main table tbody a"),
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
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    print(f"{shot.name:<10} {page.url}")
    context.close()


def main() -> int:
    """Take every picture; exit code 1 where no Chromium is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("names", nargs="*", help="only these pictures")
    args = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no Chromium found: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        for shot in SHOTS:
            if not args.names or shot.name in args.names:
                take(browser, args.base, shot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
