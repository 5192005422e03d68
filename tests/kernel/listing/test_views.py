"""Saved views, and what the template of a list is given."""

from __future__ import annotations

import io
from datetime import timedelta

import django_filters
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import RequestFactory
from openpyxl import load_workbook

from factories import MONDAY, START, make_area, make_resident, make_staff
from linli.base.areas.models import Area
from linli.kernel.listing import cursor, export
from linli.kernel.listing.actions import MOST_VIEWS, delete_view, save_view
from linli.kernel.listing.models import SavedView
from linli.kernel.listing.paging import page
from linli.kernel.listing.queries import views_of
from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.listing.view import show
from linli.kernel.scope import ANONYMOUS, SYSTEM, Actor

pytestmark = pytest.mark.django_db
ONE, OTHER = Actor(kind="staff", account_id=2**40), Actor(kind="staff", account_id=2)
SPEC = Spec(
    "areas",
    (
        Column("name", "名称", lambda area: area.name),
        Column("code", "代码", lambda area: area.code, permission="no.one", mask=lambda v: v[:6]),
        Column("lon", "经度", lambda area: area.lon, permission="no.one"),
    ),
    (Order("name", "名称", "name"), Order("lon", "经度", "lon", nullable=True, descending=True)),
    size=2,
    href=lambda area: f"/areas/{area.code}/",
    shown=("level",),
)


class AreaFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(label="层级", choices=[("subdistrict", "街道")])
    name = django_filters.CharFilter(label="名称")

    class Meta:
        model = Area
        fields = ["level", "name"]


def save(actor=ONE, name="本周", query="level=subdistrict", key="areas"):
    return save_view(actor=actor, now=MONDAY, list_key=key, name=name, query=query)


def ask(query="", actor=SYSTEM):
    request = RequestFactory().get(f"/x/?{query}")
    request.actor = actor
    return request


@pytest.fixture
def rows():
    top = make_area("370705")
    for number in range(1, 6):
        Area.objects.create(
            level="subdistrict", code=f"370705{number:03d}", name=f"=街{number}", parent=top,
            lon=None if number % 2 else 119.0 + number, valid_from=START,
        )  # fmt: skip
    return Area.objects.filter(level="subdistrict")


def test_a_view_keeps_filters_but_neither_page_nor_blanks():
    view = save(query="level=a&level=b&q=&page=x&export=xlsx&sort=lon")
    assert view.query == "level=a&level=b&sort=lon"
    again = save_view(
        actor=ONE, now=MONDAY + timedelta(days=1), list_key="areas", name=" 本周 ", query="q=1"
    )
    assert (again.pk, again.query, SavedView.objects.count()) == (view.pk, "q=1", 1)


def test_nobody_sees_or_deletes_another_persons_view():
    view = save()
    assert list(views_of(ONE, "areas")) == [view]
    assert not views_of(ONE, "cases")
    assert not views_of(OTHER, "areas")
    assert not views_of(ANONYMOUS, "areas")
    with pytest.raises(Http404):
        delete_view(actor=OTHER, view_id=view.pk)
    with pytest.raises(PermissionDenied):
        save(actor=ANONYMOUS)
    delete_view(actor=ONE, view_id=view.pk)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "given", [{"name": " "}, {"name": "长" * 31}, {"key": ""}, {"key": "k" * 61},
              {"query": "q=" + "长" * 900}, {"name": "a\0b"}]
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_words(given):
    with pytest.raises(ValidationError):
        save(**given)
    assert not SavedView.objects.exists()


def test_a_person_has_a_limited_number_of_views():
    for number in range(MOST_VIEWS):
        save(name=f"视图{number}")
    with pytest.raises(ValidationError):
        save(name="再一个")
    save(name="视图0", query="q=new")
    assert SavedView.objects.count() == MOST_VIEWS


def test_saving_and_forgetting_through_the_pages(client):
    account = make_staff("community_worker", make_area("370705001001"))
    client.force_login(account)
    answer = client.post(
        "/lists/views/save/",
        {"list": "cases", "name": "超期", "query": "overdue=1", "next": "/desk/cases/?overdue=1"},
    )
    assert answer.headers["Location"] == "/desk/cases/?overdue=1"
    view = SavedView.objects.get(account_id=account.pk, name="超期")
    away = client.post("/lists/views/save/", {"list": "x", "name": "", "next": "//evil.example/"})
    assert away.headers["Location"] == "/"
    assert SavedView.objects.count() == 1
    client.force_login(make_resident())
    assert client.post(f"/lists/views/{view.pk}/forget/").status_code == 404
    client.force_login(account)
    assert client.post(f"/lists/views/{view.pk}/forget/").status_code == 302
    assert not SavedView.objects.exists()
    assert client.get("/lists/views/save/").status_code == 405


def test_a_list_is_shown_with_masks_orders_and_chips(rows):
    request = ask("level=subdistrict&sort=lon", actor=ONE)
    shown = show(request, SPEC, rows, filters=AreaFilter(request.GET, queryset=rows))
    first = shown.lines[0]
    assert first.href == "/areas/370705004/"
    assert [cell.value for cell in first.cells] == ["=街4", "370705", "***"]
    assert shown.lines[1].cells[2].value == "***"
    assert [(chip.label, chip.href) for chip in shown.chips] == [("层级：街道", "?sort=lon")]
    assert [link.current for link in shown.orders] == [False, True]
    assert shown.orders[0].href == "?level=subdistrict&sort=name"
    assert [field.name for field in shown.shown_fields] == ["level"]
    assert [field.name for field in shown.other_fields] == ["name"]
    assert (shown.ok, shown.sort, shown.more_open) == (True, "lon", False)


def test_a_bad_filter_shows_no_row_and_says_why(rows):
    request = ask("level=moon")
    shown = show(request, SPEC, rows, filters=AreaFilter(request.GET, queryset=rows))
    assert not shown.ok
    assert shown.lines == []
    assert shown.form.errors["level"]


def test_blank_values_show_a_dash(rows):
    shown = show(ask("sort=lon"), SPEC, rows.filter(lon=None))
    assert shown.lines[0].cells[2].value == "—"


def test_an_export_beyond_the_limit_says_so_and_is_in_the_lists_order(rows, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    answer = export.export({"sort": "lon"}, SPEC, rows, SYSTEM, "areas")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in values[1:4]] == ["'=街4", "'=街2", "'=街5"]
    assert "3" in values[4][0]
    assert len(values) == 5


def test_a_cursor_of_another_list_order_or_making_is_refused(rows):
    pk = rows.first().pk
    for made in (
        cursor.encode("cases:name", "街", pk, False),
        cursor.encode("areas:lon", 119.0, pk, False),
        cursor.encode("areas:name", "街", pk, False)[:-2] + "zz",
    ):
        assert page({"page": made}, SPEC, rows).refused
    good = cursor.encode("areas:name", "=街1", pk, False)
    assert not page({"page": good}, SPEC, rows).refused
