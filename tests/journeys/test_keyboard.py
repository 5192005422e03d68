"""A dispatcher's morning without a mouse: stand on rows, tick them, send them by rule."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from factories import make_case, make_district
from linli.base.accounts.models import Account
from linli.work.cases.models import Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(open_page):
    world = make_district()
    for _ in range(3):
        make_case(world)
    page = open_page(Account.objects.get(pk=world.dispatcher.account_id), width=1440)
    page.goto("/desk/cases/")
    page.wait_for_selector("[data-keys-open]:not([hidden])")
    return page


def test_two_cases_are_sent_without_a_mouse(desk):
    assert desk.locator(".linli-together button").first.is_disabled()
    for key in ("j", "x", "j", "x"):
        desk.keyboard.press(key)
    assert desk.locator("input[name=pick]:checked").count() == 2
    assert "已选2件" in desk.inner_text("[data-picked]")
    found = Axe().run(desk, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()
    desk.focus(".linli-together button[value=dispatch]")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("form[data-draft=together-dispatch]")
    desk.focus("form[data-draft=together-dispatch] button")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("text=2件全部完成")
    assert Case.objects.filter(state="dispatched").count() == 2
    assert desk.faults == []


def test_enter_opens_the_row_and_letters_go_to_pages(desk):
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/cases/2*/")
    desk.wait_for_selector("[data-keys-open]:not([hidden])")
    desk.keyboard.press("h")
    desk.wait_for_url("**/desk/")


def test_typing_is_never_taken_for_a_key_and_keys_can_be_switched_off(desk):
    desk.keyboard.press("/")
    desk.keyboard.type("jxh?")
    assert desk.input_value("#top-search") == "jxh?"
    assert desk.locator(".linli-here").count() == 0
    desk.locator("h1").click()
    desk.keyboard.press("?")
    desk.click("[data-keys] label")
    desk.click("[data-keys] button")
    desk.keyboard.press("j")
    assert desk.locator(".linli-here").count() == 0
