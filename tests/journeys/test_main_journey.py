"""The house's main job in the browser: a resident reports, the right people act, she hears back."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from PIL import Image
from shapely.geometry import box, mapping

from factories import make_district
from linli.base.accounts.models import Account
from linli.base.areas import locate
from linli.base.areas.models import Area
from linli.work.cases.models import Attachment, Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings, tmp_path):
    settings.HOME = tmp_path
    settings.SHOW_CODES = True
    cache.clear()
    made = make_district()
    square = mapping(box(119.1, 36.7, 119.11, 36.71))
    for area in (made.district, made.grid):
        Area.objects.filter(pk=area.pk).update(boundary=square)
    locate.forget()
    yield made
    locate.forget()


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "楼道.jpg"
    Image.new("RGB", (800, 600), "#556677").save(path, "JPEG")
    return path


def account(actor):
    return Account.objects.get(pk=actor.account_id)


def take(page, label):
    """Open the step of this name on the desk and press its button."""
    head = page.locator("#steps .accordion-button", has_text=re.compile(f"^\\s*{label}\\s*$"))
    if head.get_attribute("aria-expanded") != "true":
        head.click()
    return page.locator(f"#steps .accordion-item:has(.accordion-button:text-is('{label}'))")


def clean(page):
    """Assert that the page has no accessibility violation and no script error."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.faults == []


def test_from_report_to_rating(world, open_page, photo):
    phone = open_page()
    phone.goto("/login/")
    phone.fill("[name=phone]", "19000001234")
    phone.click("text=获取验证码")
    code = phone.inner_text("[data-demo-code]")
    phone.fill("[name=code]", code)
    phone.click("main button:has-text('登录')")
    phone.wait_for_url("**/my/cases/")

    phone.goto("/report/")
    clean(phone)
    phone.select_option("[name=category]", "0101")
    phone.fill("[name=text]", "三号楼楼道堆了垃圾，两天没人收")
    phone.set_input_files("#files", str(photo))
    phone.wait_for_selector("[data-map][data-ready]")
    phone.locator("[data-map]").scroll_into_view_if_needed()
    phone.locator("[data-map]").click()
    assert phone.input_value("#id_lon").startswith("119.10")
    phone.click("main button:has-text('提交')")
    phone.wait_for_url("**/report/done/**")
    number = phone.inner_text("[data-number]")
    case = Case.objects.get()
    assert (case.number, case.area_id) == (number, world.grid.pk)
    assert Attachment.objects.count() == 1

    desk = open_page(account(world.dispatcher), width=1440)
    desk.goto("/desk/")
    clean(desk)
    desk.click(f"text={number}")
    panel = take(desk, "受理并派遣")
    assert panel.locator("select[name=unit] option:checked").inner_text() == "一社区第1网格"
    clean(desk)
    panel.locator("form button.btn").click()
    desk.wait_for_selector("text=已派遣")

    worker = open_page(account(world.grid_worker), width=390)
    worker.goto("/desk/")
    worker.click(f"text={number}")
    take(worker, "签收").locator("form button.btn").click()
    worker.wait_for_selector("text=处置中")
    panel = take(worker, "处理完毕")
    panel.locator("textarea").fill("已清运并打扫")
    panel.locator("form button.btn").click()
    worker.wait_for_selector("text=待核查")

    checker = open_page(account(world.community_worker), width=1440)
    checker.goto(f"/desk/cases/{number}/")
    panel = take(checker, "核查通过，办结")
    panel.locator("textarea").fill("垃圾已清运，楼道恢复干净")
    panel.locator("form button.btn").click()
    checker.wait_for_selector("text=已办结")

    phone.goto("/my/messages/")
    assert "已办结" in phone.inner_text("main")
    phone.goto(f"/my/cases/{number}/")
    story = phone.inner_text("main")
    for words in ("登记", "受理", "派遣", "签收", "处理完毕", "已清运并打扫", "楼道恢复干净"):
        assert words in story
    clean(phone)
    phone.check("input[name=rating][value='5']")
    phone.check("input[name=solved][value=yes]")
    phone.click("text=提交评价")
    phone.wait_for_selector("text=您已打分")
    case.refresh_from_db()
    assert (case.state, case.rating, case.solved) == ("closed", 5, True)


def test_without_log_in_and_without_script(world, open_page):
    page = open_page(script=False)
    page.goto("/report/")
    page.select_option("[name=category]", "0101")
    page.fill("[name=text]", "路口有一堆建筑垃圾")
    page.select_option("[name=community]", world.community.code)
    page.click("main button:has-text('提交')")
    number, code = page.inner_text("[data-number]"), page.inner_text("[data-code]")
    page.context.clear_cookies()
    page.goto("/track/")
    page.fill("[name=number]", number)
    page.fill("[name=code]", code)
    page.click("main button:has-text('查询')")
    assert "已登记" in page.inner_text("main")


def test_a_point_outside_the_district_keeps_what_was_typed(world, open_page):
    page = open_page()
    page.goto("/report/")
    page.select_option("[name=category]", "0101")
    page.fill("[name=text]", "这里有一堆垃圾没人收")
    page.evaluate(
        "document.getElementById('id_lon').value='121.0'; document.getElementById('id_lat').value='36.7'"
    )
    page.click("main button:has-text('提交')")
    assert "不在测试区范围内" in page.inner_text("main")
    assert page.input_value("[name=text]") == "这里有一堆垃圾没人收"
    clean(page)


def test_what_is_typed_survives_an_ended_session(world, open_page):
    page = open_page(account(world.dispatcher), width=1440)
    page.goto("/desk/cases/new/")
    page.fill("[name=text]", "来电人说东门路灯不亮，已说了很久")
    page.context.clear_cookies(name="sessionid")
    page.click("main button:visible:has-text('登记')")
    page.wait_for_url("**/staff/login/**")
    again = open_page(account(world.dispatcher), width=1440)
    cookie = next(c for c in again.context.cookies() if c["name"] == "sessionid")
    page.context.add_cookies([cookie])
    page.goto("/desk/cases/new/")
    assert page.input_value("[name=text]") == "来电人说东门路灯不亮，已说了很久"


def test_large_type_reaches_thirty_pixels_and_stays(world, open_page):
    page = open_page()
    page.goto("/")
    sizes = []
    for label in ("长辈版", "再大一些", "再大一些"):
        page.click(f"footer button:has-text('{label}')")
        size = page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
        )
        sizes.append(size)
    assert sizes[0] >= 18
    assert sizes == sorted(sizes)
    assert sizes[-1] >= 30
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    clean(page)
