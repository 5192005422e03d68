"""A report without log-in, and its rating at the terminal by touch, in the browser."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from factories import make_district, make_unit
from journeys.test_main_journey import account, clean
from linli.work.cases.actions import take_step
from linli.work.cases.models import Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(settings, tmp_path):
    settings.HOME = tmp_path
    cache.clear()
    return make_district()


def test_report_then_rate_at_the_terminal(world, open_page):
    phone = open_page()
    phone.goto("/report/")
    phone.select_option("[name=category]", "0101")
    phone.fill("[name=text]", "三号楼楼道堆了垃圾，两天没人收")
    phone.select_option("[name=community]", world.community.code)
    phone.click("main button:has-text('提交')")
    phone.wait_for_url("**/report/done/**")
    code = phone.inner_text("[data-code]").strip()
    case = Case.objects.get()
    take_step(
        "settle", case.pk, actor=world.community_worker, now=timezone.now(), data={"result": "好"}
    )

    kiosk = open_page(width=1080)
    kiosk.goto("/kiosk/rate/")
    clean(kiosk)
    for key in code:
        kiosk.click(f"[data-key='{key}']")
    kiosk.click("text=下一步")
    kiosk.wait_for_url("**/kiosk/rate/solved/")
    assert case.title in kiosk.inner_text("main")
    clean(kiosk)
    kiosk.click("button[name=solved][value=yes]")
    kiosk.wait_for_url("**/kiosk/rate/grade/")
    clean(kiosk)
    kiosk.click("button[name=rating][value='5']")
    kiosk.wait_for_url("**/kiosk/rate/thanks/")
    clean(kiosk)
    case.refresh_from_db()
    assert (case.rating, case.solved) == (5, True)


@pytest.mark.parametrize("script", [True, False])
def test_a_unit_is_found_by_typing_and_chosen_without_script_too(world, open_page, script):
    for n in range(20):
        make_unit("department", world.district, line=f"l{n}", name=f"第{n}局")
    wanted = make_unit("department", world.district, line="water", name="水务局")
    from factories import make_case

    case = make_case(world).case
    desk = open_page(account(world.dispatcher), width=1440, script=script)
    desk.goto(f"/desk/cases/{case.number}/")
    item = desk.locator("#steps .accordion-item", has=desk.locator("select[name=unit]")).first
    select = item.locator("select[name=unit]")
    if script:
        if not select.is_visible():
            item.locator(".accordion-button").click()
        box = item.locator("input[type=search]")
        box.fill("水务")
        assert select.locator("option").all_inner_texts() == ["水务局"]
        assert "找到1个单位" in item.inner_text()
        clean(desk)
        box.press("Enter")
        assert box.input_value() == ""
        assert desk.url.endswith(f"/desk/cases/{case.number}/")
    else:
        assert select.locator("optgroup").count() >= 4
        select.select_option(str(wanted.pk))
    assert select.input_value() == str(wanted.pk)
    item.locator("form button.btn").last.click()
    desk.wait_for_selector("text=已派遣")
    case.refresh_from_db()
    assert case.unit == wanted
