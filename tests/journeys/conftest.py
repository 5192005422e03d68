"""A real browser on a real server; where there is no Chromium the journeys say so and are skipped."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress

import pytest
from django.test import Client

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Playwright runs an event loop in the test's thread; Django must not mistake it for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def driver():
    if CHROMIUM is None:
        pytest.skip("journey not run: no Chromium on this machine (see scripts/browser.sh)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver):
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield browser
    browser.close()


def enter(context, account, url):
    """Log someone in by giving their browser a session."""
    client = Client()
    client.force_login(account)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


@pytest.fixture
def open_page(chromium, live_server):
    """Return a function that opens a new person's browser: phone or desk, perhaps logged in."""
    contexts = []

    def open_one(account=None, *, width=390, script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale="zh-CN",
            java_script_enabled=script,
            base_url=live_server.url,
        )
        contexts.append(context)
        if account is not None:
            enter(context, account, live_server.url)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def phone(driver, live_server, tmp_path):
    """Return a function that starts a phone whose data outlives a killed browser."""
    opened = []

    def start(account=None):
        context = driver.chromium.launch_persistent_context(
            str(tmp_path / "phone"),
            executable_path=CHROMIUM,
            args=[*ARGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            base_url=live_server.url,
            permissions=["microphone", "geolocation"],
        )
        opened.append(context)
        if account is not None:
            enter(context, account, live_server.url)
        page = context.pages[0]
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        return page

    yield start
    for context in opened:
        with suppress(Exception):  # one that a test killed
            context.close()


def kill(folder):
    """Kill the browser that keeps its data in a folder, without a chance to put anything away."""
    import psutil

    found = [
        one
        for one in psutil.Process().children(recursive=True)
        if any(str(folder) in word for word in one.cmdline())
    ]
    for one in found:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(found, timeout=5)
