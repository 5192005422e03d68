from __future__ import annotations

import pytest

from factories import MONDAY, make_area, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.people import demo
from linli.base.people.identity import normalise_id_number
from linli.base.people.models import (
    CareTag,
    ChangeRequest,
    Consent,
    Dwelling,
    ErasureRequest,
    Household,
    Member,
    Resident,
    Tenure,
)
from linli.base.people.queries import find_by_id_number, find_by_phone
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import ANONYMOUS

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    for code in ("370705001001001", "370705001001002", "370705002001001"):
        make_area(code)
    return demo.load_demo(now=MONDAY, count=60)


def test_residents_are_plausible_and_unmistakably_invented(people):
    rows = list(Resident.objects.order_by("id"))
    assert len(rows) == people["residents"] == 60
    assert len({row.phone for row in rows}) == len({row.id_number for row in rows}) == 60
    for row in rows:
        assert row.phone.startswith("1900000")
        assert len(row.phone) == 11
        assert row.id_number[14:17] == "000"
        assert normalise_id_number(row.id_number, today=MONDAY.date()) == row.id_number
        assert row.area_code == row.area.code
    assert Account.objects.filter(kind="resident").count() == people["resident_accounts"] > 5
    assert Entry.objects.filter(subject_type="resident", seq=1).count() == 60


def test_loading_again_changes_nothing(people):
    assert demo.load_demo(now=MONDAY, count=60) == {
        "residents": 0, "resident_accounts": 0, "imports": 0
    }  # fmt: skip
    assert Resident.objects.count() == 60


def test_the_same_people_come_every_time(people):
    before = list(Resident.objects.order_by("phone_index").values_list("phone_index", "id_index"))
    records = (ChangeRequest, ErasureRequest, Member, Household, Tenure, CareTag, Consent)
    for model in (*records, Resident, Dwelling):
        model.objects.all().delete()
    Account.objects.filter(kind="resident").delete()
    demo.load_demo(now=MONDAY, count=60)
    after = list(Resident.objects.order_by("phone_index").values_list("phone_index", "id_index"))
    assert before == after


def test_look_up_is_exact_and_stays_in_scope(people):
    row = Resident.objects.get(phone_index__gt="", account__name=demo.DEMO_RESIDENT)
    inside = actor_of(make_staff("community_worker", make_area("370705001001")))
    outside = actor_of(make_staff("community_worker", make_area("370705002001")))
    assert find_by_phone(inside, row.phone).get() == row
    assert find_by_id_number(inside, row.id_number.lower()).get() == row
    for actor in (outside, ANONYMOUS):
        assert not find_by_phone(actor, row.phone).exists()
    assert not find_by_phone(inside, "").exists()
