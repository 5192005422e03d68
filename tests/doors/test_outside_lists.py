"""Pages without an object, asked by people they are not for: nothing from inside is listed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from doors.records import QUESTIONS_OF_RECORDS
from doors.test_outsiders import (
    DESK,
    PHONE,
    PLAIN,
    STAFF,
    TITLE,
    dispatcher,
    inside,
    outsiders,
    photo,
    resident,
    security,
    shown,
    to_login,
    tracker,
)
from factories import MONDAY
from linli.work.cases.actions import take_step
from linli.work.cases.models import Attachment

pytestmark = pytest.mark.django_db
__all__ = ["inside"]  # the fixture of these tests, too

# Ways to ask a page without an object for something inside all the same.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "cases:list": ("q={number}", "area={area}", "held=1", "export=xlsx", "open=1&sort=deadline"),
    "cases:todo": ("which=mine", "which=unit", "which=area"),
    "cases:new": ("area={area}",),
    "cases:tasks": ("which=mine", "which=asked", "which=area", "kind=extension"),
    "cockpit:page": ("area={area}", "area={district}", "period=custom&start=2026-03-01&end=2026-03-31"),
    "cockpit:wall": ("area={area}", "area={district}"),
    "cockpit:rows": (
        "area={area}&m=registered&start=2026-03-01&end=2026-03-31",
        "area={district}&m=registered&start=2026-03-01&end=2026-03-31",
    ),
    "cockpit:layer": ("area={area}", "area={district}"),
    "accounts:accounts": ("q=白", "area={area}", "role=community_worker"),
    "messages:log": ("phone={phone}",),
    **QUESTIONS_OF_RECORDS,
}  # fmt: skip
# What a page may say back because it was asked so.
ECHO = {"cases:list", "website:track", "messages:log"}
ENDS_SESSION = {"accounts:logout"}
NOBODYS = {"field:manifest", "field:offline", "field:state", "field:worker"}  # the app as such


@pytest.mark.parametrize("name", sorted(set(PLAIN) - ENDS_SESSION))
def test_lists_show_outsiders_nothing_from_inside(name, inside):
    known = {
        "number": inside.case.number,
        "area": inside.world.subdistrict.code,
        "district": inside.world.district.code,
        "phone": PHONE,
    }
    secrets = {TITLE, STAFF, inside.tracked.number, inside.message.body[:20]}
    for who, client in outsiders(inside).items():
        for query in ("", *QUESTIONS.get(name, ())):
            address = f"{reverse(name)}?{query.format(**known)}"
            answer = client.get(address)
            what = f"{who}: GET {address} -> {answer.status_code}"
            assert answer.status_code < 500, what
            if who == "anonymous" and address.startswith(DESK) and name not in NOBODYS:
                assert answer.status_code == 405 or to_login(answer), what
            text = shown(answer)
            hidden = secrets if query and name in ECHO else {*secrets, inside.case.number, PHONE}
            assert not [secret for secret in hidden if secret in text], what


@pytest.mark.parametrize("name", PLAIN)
def test_an_empty_form_breaks_nothing(name, inside):
    for who, client in outsiders(inside).items():
        answer = client.post(reverse(name), {})
        assert answer.status_code < 500, f"{who}: POST {reverse(name)} -> {answer.status_code}"


def test_the_lists_do_show_it_to_those_inside(inside):
    """The secrets looked for above are really on those pages."""
    for name in ("cases:list", "cases:todo"):
        client = dispatcher(inside)
        text = client.get(f"{reverse(name)}?which=area").content.decode()
        assert TITLE in text
        assert inside.case.number in text
    assert STAFF in security(inside).get(reverse("accounts:accounts")).content.decode()
    assert inside.case.number in resident(inside).get(reverse("website:my")).content.decode()


def test_photos_of_internal_notes_are_for_the_offices_only(inside):
    for case, client, name in (
        (inside.case, resident(inside), "cases:file"),
        (inside.tracked, tracker(inside), "website:tracked_file"),
    ):
        take_step(
            "add_note", case.pk, actor=inside.world.dispatcher, now=MONDAY,
            data={"note": "仅供内部"}, files=photo(),
        )  # fmt: skip
        own, internal = Attachment.objects.filter(case=case).order_by("id")
        assert client.get(reverse(name, args=[own.pk])).status_code == 200
        assert client.get(reverse(name, args=[internal.pk])).status_code == 404
        seen = dispatcher(inside).get(reverse("cases:file", args=[internal.pk]))
        assert seen.status_code == 200
