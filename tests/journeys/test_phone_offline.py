"""A grid worker without network: nothing is lost, nothing comes twice, everything in order."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from shapely.geometry import box, mapping

from factories import (
    MONDAY,
    make_area,
    make_case,
    make_district,
    make_route,
    make_staff,
    make_unit,
)
from linli.base.accounts.models import Account
from linli.base.areas import locate
from linli.base.areas.models import Area
from linli.work.cases.actions import accept_and_dispatch
from linli.work.cases.models import Attachment, Case
from linli.work.patrols.models import RoundCheck

from .conftest import enter, kill

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
COLOURS = {"路边垃圾": (200, 30, 30), "井盖松动": (30, 160, 40), "单车倒伏": (30, 60, 200)}


@pytest.fixture
def world(settings, tmp_path):
    settings.HOME = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    made = make_district()
    square = mapping(box(119.1, 36.7, 119.11, 36.71))
    for area in (made.district, made.grid):
        Area.objects.filter(pk=area.pk).update(boundary=square)
    locate.forget()
    yield made
    locate.forget()


@pytest.fixture
def worker(world):
    return Account.objects.get(pk=world.grid_worker.account_id)


def photo(tmp_path, name):
    path = tmp_path / f"{name}.jpg"
    Image.new("RGB", (2400, 1800), COLOURS[name]).save(path, "JPEG")
    return str(path)


def ready(page):
    """Open the to-do list and wait until the phone has everything it needs without network."""
    page.goto("/field/")
    page.wait_for_selector("body[data-kept]", timeout=15_000)


def capture(page, tmp_path, name, *, before=lambda: None):
    page.goto("/field/new/")
    page.wait_for_selector("form[data-bound]")
    page.select_option("[name=category]", "0101")
    page.fill("[name=text]", name)
    page.set_input_files("#files", photo(tmp_path, name))
    page.wait_for_selector(".field-file img")
    before()
    page.click("main form[data-queue] button.btn-primary")
    page.wait_for_url("**/field/queue/")
    page.wait_for_selector(f"[data-entry]:has-text('{name}')")


def clean(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def colour_of(case):
    with Image.open(Attachment.objects.get(case=case).file) as image:
        assert max(image.size) == 1600
        return image.getpixel((800, 600))


def test_the_phone_can_install_the_app(world, phone, worker):
    page = phone(worker)
    ready(page)
    clean(page)
    manifest = page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then((a) => a.json())"
    )
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == "/field/"
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        assert page.request.get(icon["src"]).ok
    controlled = page.evaluate("navigator.serviceWorker.ready.then((r) => r.scope)")
    assert controlled.endswith("/field/")
    tools = page.context.new_cdp_session(page)
    faults = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in faults if one["errorId"] != "in-incognito"] == []
    assert page.faults == []


def test_hours_offline_a_killed_browser_and_a_lost_answer(world, phone, worker, tmp_path):
    page = phone(worker)
    ready(page)
    page.context.set_offline(True)
    for name in COLOURS:
        capture(page, tmp_path, name)
    assert "没有网络" in page.inner_text("[data-state]")
    assert page.locator("[data-entry][data-state=waiting]").count() == 3
    clean(page)
    assert Case.objects.count() == 0
    kill(tmp_path / "phone")

    page = phone(worker)
    lost = []

    def lose_the_first(route):
        answer = route.fetch()
        if lost:
            return route.fulfill(response=answer)
        lost.append(answer.status)
        return route.abort()

    page.route("**/field/send/event/", lose_the_first)
    page.goto("/field/queue/")
    page.locator("[data-entry][data-state=sent]").nth(2).wait_for(timeout=15_000)
    assert lost == [200]
    cases = list(Case.objects.order_by("id"))
    assert [case.title for case in cases] == list(COLOURS)
    for case, colour in zip(cases, COLOURS.values(), strict=True):
        seen = colour_of(case)
        assert all(abs(a - b) < 12 for a, b in zip(seen, colour, strict=True))
        assert case.number in page.inner_text("[data-panel]")
    clean(page)
    assert page.faults == []


def test_steps_follow_each_other_offline_and_overtaken_ones_say_so(world, phone, worker):
    cases = [make_case(world, title=f"第{n}件").case for n in range(2)]
    for case in cases:
        accept_and_dispatch(
            case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
        )
    page = phone(worker)
    ready(page)
    page.context.set_offline(True)
    first, second = cases
    for name, words in (("sign_in", None), ("report_done", "已清运")):
        page.goto(f"/field/cases/{first.number}/")
        page.wait_for_selector("body[data-app]")
        block = page.locator(
            f"[data-step={name}]:visible, [data-after]:visible:has-text('处理完毕')"
        )
        if words:
            block.locator("summary").click()
            block.locator("textarea").fill(words)
        block.locator("button.btn-primary").click()
        page.wait_for_url("**/field/queue/")
    page.goto(f"/field/cases/{second.number}/")
    page.wait_for_selector("body[data-app]")
    assert "副本" in page.inner_text("[data-state]")
    page.locator("[data-step=sign_in] button.btn-primary").click()
    page.wait_for_url("**/field/queue/")
    from linli.work.cases.actions import take_step

    take_step("sign_in", second.pk, actor=world.community_worker, now=MONDAY)
    page.context.set_offline(False)
    page.wait_for_selector("[data-entry][data-state=refused]", timeout=15_000)
    page.locator("[data-entry][data-state=sent]").nth(1).wait_for()
    assert "慢了一步" in page.inner_text("[data-entry][data-state=refused]")
    first.refresh_from_db()
    assert first.state == "done"
    assert page.faults == []


def test_a_refused_entry_is_mended_and_an_ended_session_loses_nothing(
    world, phone, worker, tmp_path, live_server
):
    page = phone(worker)
    ready(page)
    capture(page, tmp_path, "路边垃圾", before=lambda: page.context.clear_cookies(name="sessionid"))
    page.wait_for_selector("[data-state] a[href^='/staff/login/']")
    assert Case.objects.count() == 0
    # Somebody else on the same phone neither sees nor sends it.
    grid = make_area("370705001001002", "第2网格")
    other = make_staff("grid_worker", grid, make_unit("grid", grid))
    enter(page.context, other, live_server.url)
    page.goto("/field/queue/")
    page.wait_for_selector("body[data-kept]")
    assert page.locator("[data-entry]").count() == 0
    assert Case.objects.count() == 0
    enter(page.context, worker, live_server.url)
    Area.objects.filter(pk=world.grid.pk).update(valid_to=MONDAY.date())  # refused by the server
    page.goto("/field/queue/")
    refused = page.locator("[data-entry][data-state=refused]")
    refused.wait_for()
    assert "不在您负责的网格内" in refused.inner_text()
    Area.objects.filter(pk=world.grid.pk).update(valid_to=None)
    refused.locator("a.btn-primary").click()
    page.wait_for_selector("form[data-bound]")
    assert page.input_value("[name=text]") == "路边垃圾"
    assert page.locator(".field-file img").count() == 1
    page.fill("[name=text]", "路边垃圾一堆")
    page.click("main form[data-queue] button.btn-primary")
    page.wait_for_selector("[data-entry][data-state=sent]")
    case = Case.objects.get()
    assert (case.text, case.attachments.count()) == ("路边垃圾一堆", 1)


def test_logging_out_takes_everything_along(world, phone, worker, tmp_path, live_server):
    page = phone(worker)
    ready(page)
    page.context.set_offline(True)
    capture(page, tmp_path, "路边垃圾")
    page.route("**/field/s*/**", lambda route: route.abort())
    page.context.set_offline(False)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.click("header button:has-text('退出')")
    page.wait_for_url(f"{live_server.url}/")
    assert "1条没有送出" in asked[0]
    names = page.evaluate("caches.keys()")
    assert not [name for name in names if name.startswith("linli-kept-")]


def test_a_spoken_note_comes_along(world, phone, worker):
    page = phone(worker)
    page.goto("/field/new/")
    page.wait_for_selector("form[data-bound]")
    page.select_option("[name=category]", "0101")
    page.click("[data-voice]")
    page.wait_for_selector("[data-voice][aria-pressed=true]")
    page.wait_for_timeout(1200)
    page.click("[data-voice]")
    page.wait_for_selector(".field-file audio")
    clean(page)
    page.click("main form[data-queue] button.btn-primary")
    page.wait_for_selector("[data-entry][data-state=sent]")
    found = Attachment.objects.get()
    assert (found.mime, found.name.endswith(".webm")) == ("audio/webm", True)
    page.click("[data-entry] a")
    page.wait_for_selector("audio[src]")
    assert "语音" in Case.objects.get().title


def test_a_round_is_walked_offline_and_its_problem_reported(world, phone, worker, tmp_path):
    due = make_route(world, now=timezone.now())[1]
    page = phone(worker)
    ready(page)
    page.context.set_offline(True)
    page.goto(f"/field/rounds/{due.pk}/")
    page.wait_for_selector("form[data-bound]")
    page.locator("[data-item]").nth(0).locator("label", has_text="正常").click()
    page.locator("[data-item]").nth(1).locator("label", has_text="有问题").click()
    clean(page)
    page.wait_for_selector("form[data-kept]")
    kill(tmp_path / "phone")

    page = phone(worker)
    page.context.set_offline(True)
    page.goto(f"/field/rounds/{due.pk}/")
    page.wait_for_selector("form[data-bound]")
    assert page.locator("[data-item] input:checked").count() == 2
    page.locator("[data-item]").nth(1).locator("[data-report]").click()
    page.wait_for_selector("form[data-bound]")
    assert page.input_value("[name=address]") == "东门"
    page.fill("[name=text]", "灭火器没了")
    page.click("main form[data-queue] button.btn-primary")
    page.wait_for_url("**/field/rounds/*/")
    page.wait_for_selector("form[data-bound]")
    page.locator("[data-item]").nth(2).locator("label", has_text="正常").click()
    page.wait_for_selector("form[data-kept]")
    page.click("main form[data-queue] > button.btn-primary")
    page.wait_for_url("**/field/queue/")
    page.context.set_offline(False)
    page.locator("[data-entry][data-state=sent]").nth(1).wait_for(timeout=15_000)
    due.refresh_from_db()
    assert (due.state, due.items, due.problems) == ("walked", 3, 1)
    key = RoundCheck.objects.get(result="problem").report_key
    assert Case.objects.get().intake_key.endswith(key)
    assert page.faults == []
