"""While a call is typed: what stands already, what it may be, and the answer that closes it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from factories import make_article, make_case, make_district
from linli.base.accounts.models import Account
from linli.work.cases.models import Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_hints_come_while_typing_and_an_answer_closes_at_once(open_page):
    from django.utils import timezone

    world = make_district()
    version = make_article(world)
    now = timezone.now()
    earlier = make_case(world, now=now, text="三号楼下的垃圾两天没人收了，味道很大").case
    page = open_page(Account.objects.get(pk=world.agent.account_id), width=1440)
    page.goto("/desk/cases/new/")
    page.fill("#id_area_code", world.grid.code)
    page.select_option("#id_category", str(world.category.pk))
    page.locator("#id_text").press_sequentially("三号楼下的垃圾两天没人收了")
    page.wait_for_selector(f"[data-similar='{earlier.pk}']")
    page.fill("#id_title", "高龄津贴怎么申请")
    page.fill("#id_text", "替母亲问一下高龄津贴怎么申请")
    page.wait_for_selector("[data-offer]")
    page.click("[data-offer] summary")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.click(f"[data-offer] button[value='{version.article.number}']")
    page.wait_for_selector("text=已办结")
    case = Case.objects.exclude(pk=earlier.pk).get()
    assert (case.state, case.nature) == ("closed", "consultation")


def test_the_enter_key_registers_and_nothing_else(open_page):
    world = make_district()
    make_article(world)
    page = open_page(Account.objects.get(pk=world.agent.account_id), width=1440)
    page.goto("/desk/cases/new/")
    page.fill("#id_area_code", world.grid.code)
    page.select_option("#id_category", str(world.category.pk))
    page.fill("#id_text", "高龄津贴怎么申请")
    page.fill("#id_title", "高龄津贴怎么申请")
    page.wait_for_selector("[data-offer]")
    page.press("#id_title", "Enter")
    page.wait_for_selector("text=已登记")
    assert Case.objects.get().state == "registered"
