"""No address, log, export, error page, cache or ledger entry holds a phone or identity number.

Who may see a number sees it on a page, after asking for it; it must not travel on from there.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from doors.test_query_counts import PAGES, Busy, Page, build_busy
from factories import make_district
from linli.base.accounts.models import Account
from linli.base.people.models import Resident
from linli.kernel.ledger.models import Entry
from linli.kernel.listing.models import SavedView
from linli.work.cases.models import Case

pytestmark = pytest.mark.django_db

PHONE = r"(?<![\d.])1[3-9]\d{9}(?!\d)"
NUMBER = r"(?<![\d.])\d{17}[\dXx](?!\d)"
ANY = re.compile(f"{PHONE}|{NUMBER}")
# Every attribute that a browser follows, sends to or fetches.
LEADS = re.compile(
    r"""\s(?:href|src|srcset|action|formaction|poster|content|data-[\w-]*(?:url|href|src)|hx-\w+)"""
    r"""\s*=\s*(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)


def numbers_in(text: str) -> set[str]:
    """Return what reads as a mobile or identity number of a person."""
    return set(ANY.findall(text))


def leads_of(html: str) -> Iterator[str]:
    """Yield the addresses on a page; a number to be dialled is none, as the telephone needs it."""
    for double, single in LEADS.findall(html):
        address = unescape(double or single)
        if not address.startswith("tel:"):
            yield address


@pytest.fixture
def busy(settings) -> Busy:
    return build_busy(settings)


@pytest.fixture
def people(busy: Busy) -> set[str]:
    """Return the numbers of all residents and reporters, who are many."""
    found: set[str] = set()
    for row in Resident.objects.all():
        found |= {row.phone, row.id_number}
    found |= {case.reporter_phone for case in Case.objects.all()}
    found |= {row.phone for row in Account.objects.filter(kind="resident")}
    found.discard("")
    assert len(found) > 20
    return found


def browser(page: Page, busy: Busy) -> Client:
    client, who = Client(raise_request_exception=False), page.who(busy)
    if who is not None:
        account = who if isinstance(who, Account) else Account.objects.get(pk=who.account_id)
        client.force_login(account)
    elif page.name == "website:tracked":
        code = {"number": busy.tracked.case.number, "code": busy.tracked.tracking_code}
        client.post("/track/", code)
    return client


def address_of(page: Page, busy: Busy) -> str:
    today = timezone.localdate()
    return page.path(busy).format(today=today, month=today, **busy.ids)


def cells(body: bytes) -> str:
    book = load_workbook(BytesIO(body), read_only=True)
    return " ".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )


def test_no_page_lets_a_number_travel(busy, people, caplog):
    """One test for all pages, since the busy district takes a while to build."""
    caplog.set_level(logging.DEBUG)
    # What the database is asked is logged in debug mode alone, which real use cannot switch on.
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    faults, exports = [], 0
    for page in PAGES:
        client, path = browser(page, busy), address_of(page, busy)
        place = f"{page.name} {path} by {page.who.__name__}"
        answer = client.get(path)
        text = b"".join(answer).decode(errors="replace")
        if numbers_in(path + answer.get("Location", "")):
            faults.append(f"{place}: its own address")
        faults += [f"{place}: {one}" for one in leads_of(text) if numbers_in(one)]
        told = answer.get("Cache-Control", "")
        if page.who(busy) is not None and not ("private" in told or "no-" in told):
            faults.append(f"{place}: a proxy may keep it ({told or 'nothing said'})")
        if any(number in text for number in people) and "no-store" not in told:
            faults.append(f"{place}: a browser may keep the numbers on it")
        if "export=xlsx" not in text:
            continue
        workbook = client.get(path.split("?")[0], {"export": "xlsx"})
        if workbook.status_code == 200 and "sheet" in workbook["Content-Type"]:
            exports += 1
            inside = cells(b"".join(workbook))
            faults += [f"{place}: export holds {one}" for one in people if one in inside]
    assert not faults, "\n".join(faults)
    assert exports > 10
    kept = [str(entry.data) for entry in Entry.objects.all()]
    kept += [str(row.query) for row in SavedView.objects.all()]
    kept += [json.dumps(row.get_decoded(), default=str) for row in Session.objects.all()]
    kept += [f"{key} {cache.get(key.split(':', 2)[-1])}" for key in list(cache._cache)]
    kept += [f"{log.getMessage()} {log.exc_text or ''}" for log in caplog.records]
    joined = "\n".join(kept)
    assert not [number for number in people if number in joined]


def test_the_check_finds_what_it_looks_for():
    phone, number = "13912345678", "37070519900101123X"
    page = (
        f'<a href="/desk/?q={phone}">x</a> <a href="tel:{phone}">x</a> <b data-url=\'/a/{number}\'>'
        f'<form hx-post="/x/{phone}/"> <i href="/cases/2603160000001/"> 0.{phone} &amp;'
    )
    assert [bool(numbers_in(one)) for one in leads_of(page)] == [True, True, True, False]
    assert numbers_in(page) == {phone, number}


class Broken(RuntimeError):
    """What a page must not tell."""


BREAKS = {
    "/desk/people/": "linli.base.people.pages_people.respond",
    "/my/record/": "linli.base.people.queries.own_record",
    "/report/": "linli.doors.website.pages_report.ReportForm",
}


def test_a_page_that_breaks_tells_nothing(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    world = make_district()
    phone, number = "19000000015", "370705199001011237"
    asked: list[str] = []

    def breaks(*_args, **_more):
        typed = f"{phone} {number}"  # a local variable, as a page has many
        asked.append(typed)
        raise Broken

    who = {"/desk/people/": world.community_worker, "/my/record/": world.resident}
    for address, view in BREAKS.items():
        monkeypatch.setattr(view, breaks)
        client = Client(raise_request_exception=False)
        if address in who:
            client.force_login(Account.objects.get(pk=who[address].account_id))
        data = {"q": phone, "id_number": number, "reporter_phone": phone, "name": "李测试"}
        for answer in (client.get(address, {"q": "李"}), client.post(address, data)):
            text = answer.content.decode()
            assert phone not in text
            assert number not in text
            assert "Traceback" not in text
    assert len(asked) >= len(BREAKS)
    logged = "\n".join(caplog.handler.format(log) for log in caplog.records)
    assert "Broken" in logged  # it is told to whoever runs the site
    assert not numbers_in(logged)


def test_a_refusal_does_not_repeat_what_was_asked(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    phone, world = "19000000015", make_district()
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(pk=world.grid_worker.account_id))
    answers = {
        400: client.get("/desk/", {"q": phone}, headers={"host": "elsewhere.example"}),
        403: client.get("/desk/accounts/", {"q": phone}),
        404: client.get(f"/desk/people/{phone}/"),
        405: client.put("/desk/people/", {"phone": phone}),
    }
    assert [answer.status_code for answer in answers.values()] == list(answers)
    assert not [status for status, answer in answers.items() if phone in answer.content.decode()]
