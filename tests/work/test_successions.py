"""After a succession nothing is forgotten: every column that names an area, and who sees the past."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from factories import MONDAY, make_district, make_emergency, make_resident, make_staff, make_tiles
from linli.base.accounts.actions import grant_role
from linli.base.accounts.models import Account, GrantRow
from linli.base.accounts.queries import actor_of
from linli.base.areas.actions import NewCommunity, merge_communities, recode_area, split_community
from linli.base.areas.models import Area, Duty, Resource
from linli.base.indicators import actions as indicators
from linli.base.indicators.models import Tally
from linli.kernel.listing.actions import save_view
from linli.kernel.listing.models import SavedView
from linli.kernel.scope import SYSTEM
from linli.kernel.worktime.actions import set_hours
from linli.kernel.worktime.models import ServiceHours
from linli.work.cases.models import Case, SubTask
from linli.work.cases.queries import visible_cases
from linli.work.emergencies.models import Duty as Shift
from linli.work.emergencies.models import Emergency, EmergencyPlan
from work.cases.test_moving import ACTS, closed, in_every_state

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)

# Columns whose rows in force or open move along.
MOVED = {
    "areas.Area.parent", "areas.Area.code",
    "areas.Duty.area", "areas.Duty.area_code", "areas.Resource.area", "areas.Resource.area_code",
    "worktime.CalendarOverride.area_prefix", "worktime.ServiceHours.area_prefix",
    "accounts.Unit.area", "accounts.Unit.area_code", "accounts.Account.area",
    "accounts.GrantRow.area", "accounts.GrantRow.area_code",
    "people.Resident.area", "people.Resident.area_code", "people.Organisation.area",
    "people.Organisation.area_code", "people.CareTag.area_code", "people.ChangeRequest.area_code", "people.ErasureRequest.area_code",
    "people.Building.area", "people.Building.area_code", "people.Dwelling.area_code",
    "people.Household.area_code",
    "cases.DispatchRule.area", "cases.Case.area", "cases.Case.area_code",
    "cases.Case.subdistrict_code", "cases.Case.community_code", "cases.ReturnRequest.area_code",
    "cases.SubTask.area_code",
    "emergencies.Emergency.area", "emergencies.Emergency.area_code",
    "emergencies.EmergencyPlan.area", "emergencies.EmergencyPlan.area_code",
    "emergencies.Duty.area_code",
    "api.ApiKey.area", "api.ApiKey.area_code",
    "people.LedgerImport.area", "people.LedgerImport.area_code", "cases.Mediation.area_code",
    "publishing.Story.area", "publishing.Story.area_code", "publishing.Edition.area_code",
    "knowledge.Article.area", "knowledge.Article.area_code", "knowledge.ArticleVersion.area_code",
    "patrols.Route.area", "patrols.Route.area_code", "patrols.Round.area_code",
    "sheets.Sheet.area", "sheets.Sheet.area_code", "sheets.Part.area", "sheets.Part.area_code",
}  # fmt: skip
# Facts of the past stay where they were recorded, and why.
PAST = {
    "ledger.Entry.area_code": "what was done is where it was done",
    "indicators.Tally.area_code": "a sum over the ledger",
    "areas.Succession.old": "the record of the act itself",
    "areas.Succession.new": "the record of the act itself",
    "areas.Succession.was_code": "the old code is what it keeps",
    "areas.PastBoundary.area": "whose boundary it was",
    "areas.LayoutPlan.area": "proposed for grids as they stood; adopting it afterwards is refused",
    "areas.LayoutPlan.area_code": "as above",
    "people.RecordLook.area_code": "who looked where, as it was",
    "cases.Look.area_code": "who looked where, as it was",
    "cases.MediationSerial.area_code": "numbers of a year are counted where they were given",
    "cases.Mediation.committee": "which committee took it on, as its number says",
    "cases.Mediation.committee_code": "as above",
    "sheets.Part.asked_code": "of which community the figures were asked",
    "hotspots.HotSpot.area": "counted there on those days; seen by who holds an heir's grant",
    "hotspots.HotSpot.area_code": "as above",
}
# Codes of other things, and words about areas that are no key.
OTHER = {
    "areas.Area.grid_kind", "accounts.Unit.code", "people.Organisation.code",
    "cases.Category.code", "cases.Category.on_community_list", "sheets.Column.by_grid",
    "publishing.Section.code",
}  # fmt: skip


def columns():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            to = field.remote_field.model if field.remote_field else None
            named = any(part in field.name for part in ("area", "community", "subdistrict", "grid"))
            if to is Area or (to is None and (named or field.name.endswith("code"))):
                yield f"{model._meta.label}.{field.name}"


def test_every_column_that_names_an_area_is_accounted_for():
    known = MOVED | PAST.keys() | OTHER
    assert set(columns()) - known == set(), "say here whether it moves along or is a fact, and why"
    assert known - set(columns()) == set()


@pytest.fixture
def world():
    cache.clear()  # of what another test's district left there
    world = make_district()
    make_tiles(world.community.code)
    world.community.refresh_from_db()
    world.grid.refresh_from_db()
    return world


def recode(world):
    return recode_area(
        actor=world.district_dispatcher, now=LATER, area=world.community, code="370705001088"
    )


def test_emergencies_plans_shifts_duties_resources_views_and_hours_move_along(world):
    emergency, _plan, shift = make_emergency(world)
    plan = EmergencyPlan.objects.create(
        kind="accident", name="社区预案", area=world.community, area_code=world.community.code
    )
    plan.measures.create(order=1, text="疏散", minutes=10, unit=world.community_unit)
    for area, post in ((world.community, "community_lead"), (world.grid, "grid_lead")):
        Duty.objects.create(
            area=area, area_code=area.code, post=post, name="甲", valid_from=area.valid_from
        )
    Resource.objects.create(
        kind="aed", name="AED", area=world.grid, area_code=world.grid.code, lon=0, lat=0
    )
    set_hours(actor=SYSTEM, now=MONDAY, periods=[("09:00", "17:00")],
              valid_from=MONDAY.date(), area_prefix=world.community.code)  # fmt: skip
    save_view(actor=world.dispatcher, now=MONDAY, list_key="cases", name="本社区",
              query=f"area={world.community.code}&open=1")  # fmt: skip
    act = recode(world)
    for name in ("emergencies", "plans", "shifts", "resources", "views", "calendar"):
        assert act.moved[name] == 1, name
    assert act.moved["duties"] == 2
    emergency = Emergency.objects.get(pk=emergency.pk)
    assert emergency.area_code == emergency.area.code == "370705001088001"
    assert Shift.objects.get(pk=shift.pk).area_code == "370705001088"
    made = EmergencyPlan.objects.get(area_code="370705001088", active=True)
    assert made.measures.get().unit == world.community_unit
    standing = Duty.objects.filter(valid_to=None).order_by("area_code")
    assert list(standing.values_list("area_code", flat=True)) == ["370705001088", "370705001088001"]
    assert Resource.objects.get().area_code == "370705001088001"
    assert ServiceHours.objects.filter(area_prefix="370705001088").count() == 1
    assert SavedView.objects.get().query == "area=370705001088&open=1"


def test_merged_leads_do_not_stand_twice_and_grids_keep_a_helper(world):
    other = make_tiles("370705001002", west=2)
    for area in (world.community, other):
        Duty.objects.create(area=area, area_code=area.code, post="community_lead",
                            name=area.name, valid_from=area.valid_from)  # fmt: skip
    merge_communities(actor=world.district_dispatcher, now=LATER, name="联合社区",
                      communities=[world.community, other])  # fmt: skip
    assert Duty.objects.filter(valid_to=None).count() == 1


def test_an_open_call_back_of_a_closed_case_moves_and_the_case_stays(world):
    case = closed(world)
    task = SubTask.objects.create(
        kind="call_back", state="opened", open_key="x", case=case, area_code=case.area_code,
        unit=world.community_unit, opened_at=MONDAY, due_at=LATER,
    )  # fmt: skip
    recode(world)
    task.refresh_from_db()
    case.refresh_from_db()
    assert task.area_code == "370705001088001"
    assert case.area_code == "370705001001001"


def two(world):
    grids = list(world.community.children.order_by("code"))
    return split_community(
        actor=world.district_dispatcher, now=LATER, community=world.community,
        parts=[NewCommunity("南社区", grids[:2]), NewCommunity("北社区", grids[2:])],
    )  # fmt: skip


def test_who_answered_for_an_area_still_sees_what_was_closed_there(world):
    case = closed(world)
    stranger = actor_of(make_staff("community_worker", world.other_subdistrict))
    act = two(world)
    for who in (world.community_worker, world.grid_worker, world.dispatcher):
        actor = actor_of(Account.objects.get(pk=who.account_id))
        assert visible_cases(actor).filter(pk=case.pk).exists()
        assert actor.can("cases.view", case.area_code)
    assert not visible_cases(stranger).filter(pk=case.pk).exists()
    # Who comes anew to a part sees that part from its beginning; the whole's past is not theirs.
    south = act.made[0]
    admin = actor_of(make_staff("security_admin", world.district))
    newcomer = make_staff("window_clerk", world.other_subdistrict)
    grant_role(actor=admin, now=LATER, account=newcomer, role="community_worker", area=south)
    assert not visible_cases(actor_of(newcomer)).filter(pk=case.pk).exists()


def test_who_comes_to_a_recoded_area_gets_its_past_and_loses_it_with_the_grant(world):
    case = closed(world)
    new = recode(world).made[0]
    admin = actor_of(make_staff("security_admin", world.district))
    newcomer = make_staff("window_clerk", world.other_subdistrict)
    grant_role(actor=admin, now=LATER, account=newcomer, role="community_worker", area=new)
    actor = actor_of(newcomer)
    assert actor.areas("cases.view")[-1] == "370705001001"  # what ended stands last
    assert visible_cases(actor).filter(pk=case.pk).exists()
    GrantRow.objects.filter(account=newcomer).update(valid_to=LATER.date() - timedelta(days=9))
    assert not visible_cases(actor_of(newcomer)).filter(pk=case.pk).exists()


def sums():
    rows = Tally.objects.values_list("name", "area_code", "day", "n")
    return Counter({row[:3]: row[3] for row in rows})


@pytest.mark.parametrize("act", ["recode a community", "split a community", "merge communities"])
def test_the_cockpits_parts_add_up_and_the_number_opens_its_rows(world, act, monkeypatch):
    monkeypatch.setattr(indicators, "settled_before", lambda: 2**62)  # nothing here commits
    in_every_state(world)
    ACTS[act](world)
    client = Client()
    client.force_login(Account.objects.get(pk=world.lead.account_id))
    indicators.fold(now=LATER)
    folded = sums()
    indicators.rebuild(now=LATER)
    assert sums() == folded
    query = {"area": "370705001", "period": "custom", "start": "2026-03-01", "end": "2026-03-31"}
    context = client.get("/desk/cockpit/", query).context
    total, parts = context["panel"].total, context["parts"]
    assert total.registered == 5
    assert sum(row.registered for row in parts) == total.registered
    assert sum(row.open for row in parts) == total.open
    for name, cell in total.rates.items():
        for side in ("numerator", "denominator"):
            whole = getattr(cell.rate, side)
            assert sum(getattr(row.rates[name].rate, side) for row in parts) == whole, name
    old = next(row for row in parts if row.area.code == "370705001001")
    assert old.area.valid_to is not None
    assert old.closed == 2
    assert old.open == 0
    listed = client.get(old.hrefs["closed"]).content.decode()
    for case in Case.objects.filter(state="closed"):
        assert case.number in listed
    cell = old.rates["acceptance"]
    assert cell.rate.denominator
    assert client.get(cell.denominator_href).status_code == 200
    assert client.get("/desk/cockpit/", {"area": old.area.code}).status_code == 200


def test_the_resident_of_an_area_that_ended_stays_at_home(world):
    resident = make_resident(world.community)
    act = recode(world)
    resident.refresh_from_db()
    assert resident.area == act.made[0]
