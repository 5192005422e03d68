"""A list as page, as workbook, with what belongs to its address; and who may not take it away."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from factories import make_case, make_district
from linli.base.accounts.models import Account
from linli.kernel.ledger.models import Entry
from linli.work.cases.tasks.actions import open_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    from factories import MONDAY
    from linli.work.cases.actions import accept_and_dispatch, take_step

    made = make_district()
    for n in range(3):
        case = make_case(made, title=f"积水{n}").case
        accept_and_dispatch(
            case.pk, actor=made.dispatcher, now=MONDAY, data={"unit": made.grid_unit.pk}
        )
        take_step("sign_in", case.pk, actor=made.grid_worker, now=MONDAY)
        open_tasks(
            "extension" if n else "suspension", case.pk, actor=made.grid_worker, now=MONDAY,
            key=f"k{n}",
            data={"days": "3", "text": "等", "until": "2026-04-10"},
        )  # fmt: skip
    return made


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def test_the_tab_stays_while_filtering_and_sorting(client, world):
    page = enter(client, world.dispatcher).get("/desk/tasks/?which=area&kind=extension")
    text = page.content.decode()
    assert "积水1" in text
    assert "积水0" not in text
    assert '<input type="hidden" name="which" value="area">' in text
    assert "which=area&amp;kind=extension&amp;sort=new" in text


def test_what_is_filtered_leaves_as_a_workbook_and_the_ledger_knows(client, world):
    enter(client, world.dispatcher)
    answer = client.get("/desk/tasks/?which=area&kind=extension&export=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == 3
    assert {row[0] for row in rows[1:]} == {"积水1", "积水2"}
    assert Entry.objects.get(subject_type="tasks.export").data == {"rows": 2}


def test_who_may_not_export_sees_no_button_and_gets_nothing(client, world):
    enter(client, world.grid_worker)
    assert "export=xlsx" not in client.get("/desk/tasks/?which=area").content.decode()
    assert client.get("/desk/tasks/?which=area&export=xlsx").status_code == 403
    assert not Entry.objects.filter(subject_type="tasks.export").exists()


def test_a_bad_filter_is_answered_at_its_field(client, world):
    page = enter(client, world.dispatcher).get("/desk/tasks/?which=area&kind=nothing")
    assert page.status_code == 422
    assert page.context["listing"].form.errors["kind"]
    assert not page.context["listing"].lines
