"""Pages in English are English, but for what the database holds."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.utils.translation import trans_real
from scripts import compile_messages

from factories import MONDAY, make_case, make_district, make_staff
from linli.base.accounts.models import Account, Unit
from linli.base.areas.models import Area
from linli.base.messages.models import Message
from linli.life.publishing.models import Section
from linli.work.cases.actions import accept_and_dispatch
from linli.work.cases.models import Case, Category

pytestmark = pytest.mark.django_db

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
OWN_NAME = "中文"  # the name of a language stands in that language


@pytest.fixture
def english():
    compile_messages.compile_messages()
    trans_real._translations.clear()


class Reader(HTMLParser):
    """Gather the texts of a page that a person reads or hears."""

    def __init__(self):
        super().__init__()
        self.texts, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in {"script", "style"}
        read_out = {"title", "aria-label", "placeholder", "alt", "content"}
        self.texts += [value for name, value in attrs if name in read_out and value]

    def handle_endtag(self, tag):
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.texts.append(data.strip())


def data_names():
    """List what the database names: places, units, categories, columns of the sites."""
    found = {OWN_NAME}
    for model in (Area, Unit, Category, Account, Section):
        found |= set(model.objects.values_list("name", flat=True))
    for case in Case.objects.all():
        found |= {case.title, case.text}
    found |= set(Message.objects.values_list("body", flat=True))
    found.discard("")
    return sorted(found, key=len, reverse=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", "Report a problem"),
        ("/report/", "What happened"),
        ("/staff/login/", "Staff login"),
        ("/help/", "How to report"),
        ("/track/", "Tracking code"),
        ("/login/", "Get a code"),
    ],
)
def test_a_page_in_english_is_english(client, english, address, expected):
    make_district()
    client.post("/display/language/", {"language": "en"})
    page = client.get(address).content.decode()
    reader = Reader()
    reader.feed(page)
    assert 'lang="en"' in page
    assert expected in " ".join(reader.texts)
    assert left_over(page) == []


@pytest.mark.django_db
def test_the_same_page_is_chinese_without_a_choice(client, english):
    make_district()
    assert "我要反映" in client.get("/").content.decode()


def left_over(page):
    """List the Chinese texts of a page that the database does not hold."""
    reader = Reader()
    reader.feed(page)
    names = re.compile("|".join(map(re.escape, data_names())))
    return [text for text in reader.texts if CHINESE.search(names.sub("", text))]


LINK = re.compile(r'href="(/[^"#]*)"')
APART = ("/static/", "/logout", "/my/files", "/desk/cases/export")


def crawl(client, *starts):
    """Open one page of each kind that links lead to; return address -> Chinese left on it."""
    waiting, seen, found = list(starts), set(), {}
    while waiting:
        address = unescape(waiting.pop(0))
        kind = re.sub(r"\d+", "0", address.split("?")[0])
        if kind in seen or kind.startswith(APART):
            continue
        seen.add(kind)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, f"a link leads to {answer.status_code}: {address}"
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        page = answer.content.decode()
        if left := left_over(page):
            found[address] = left
        waiting += LINK.findall(page)
    assert len(seen) > 3
    return found


ROLES = {
    "lead": ["/desk/", "/desk/cockpit/"],
    "dispatcher": ["/desk/"],
    "handler": ["/desk/"],
    "agent": ["/desk/"],
    "grid_worker": ["/field/", "/desk/"],
    "resident": ["/", "/my/cases/", "/my/account/"],
    "security_admin": ["/desk/"],
    "system_admin": ["/desk/"],
    "audit_admin": ["/desk/"],
}


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_english(client, english, role):
    world = make_district()
    case = make_case(world).case
    accept_and_dispatch(case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit})
    make_case(world)
    if hasattr(world, role):
        account = Account.objects.get(pk=getattr(world, role).account_id)
    else:
        account = make_staff(role, world.district)
    client.force_login(account)
    client.post("/display/language/", {"language": "en"})
    assert crawl(client, *ROLES[role]) == {}
