"""No page asks the database more than twelve times, whatever stands in it.

Every page that is read (GET without a file) is either here or named in `NO_PAGE`; a new address
that is in neither fails the test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from area_factories import make_duty, make_layout_plan, make_resource
from doors.busy import helped, many_articles, many_calls, many_hot_spots
from doors.feeders import NO_PAGE as FED_NO_PAGE
from doors.feeders import PAGES as FED
from doors.feeders import load
from factories import (
    agree_mediation,
    make_area,
    make_case,
    make_district,
    make_emergency,
    make_mediation,
    make_resident,
    make_route,
    make_staff,
    make_unit,
)
from linli.base.accounts.models import Account
from linli.base.areas import locate
from linli.base.areas.actions import recode_area
from linli.kernel.listing.actions import save_view
from linli.kernel.scope import ANONYMOUS, SYSTEM, Actor
from linli.kernel.worktime import rules
from linli.work.cases import setup
from linli.work.cases.actions import accept_and_dispatch, join_matter, take_step
from linli.work.cases.queries import matter_token
from linli.work.cases.rating_links import token_for

pytestmark = pytest.mark.django_db

MOST = 12
ROWS = 55  # more than a page of any list


@dataclass
class Busy:
    """A district with enough of everything for a query per row to show."""

    world: Any
    rich: Any
    fresh: Any
    returned: Any
    done: Any
    closed: Any
    tracked: Any
    task: Any
    joined: str
    admin: Account
    ids: dict[str, Any]


@pytest.fixture
def busy(settings) -> Busy:
    return build_busy(settings)


def build_busy(settings: Any) -> Busy:
    settings.DEMO = True
    cache.clear()
    world, now = make_district(), timezone.now()
    for n in range(1, 13):
        community = make_area(f"370705001{n:03d}", f"{n}社区")
        unit = make_unit("community", community)
        for m in range(1, 5):
            grid = make_area(f"{community.code}{m:03d}", f"第{m}网格")
            make_staff("grid_worker", grid, make_unit("grid", grid, name=f"{n}-{m}网格"))
        make_staff("community_worker", community, unit)
        make_case(world, area=community, now=now, actor=_actor(make_resident(community)))
    cases = [make_case(world, now=now - timedelta(hours=n)).case for n in range(ROWS)]
    for case in cases[: ROWS // 2]:
        accept_and_dispatch(
            case.pk, actor=world.dispatcher, now=now, data={"unit": world.grid_unit.pk}
        )
    for _ in range(5):
        make_case(world, now=now, nature="praise")
    rich, returned, done, closed = cases[0], cases[1], cases[2], cases[3]
    for n in range(4):  # a long story, by many people
        take_step("add_note", rich.pk, actor=world.dispatcher, now=now, data={"note": f"第{n}条"})
        worker = _actor(make_staff("community_worker", world.community, world.community_unit))
        take_step("add_note", rich.pk, actor=worker, now=now, data={"note": f"又{n}条"})
    ask = {"proposed": world.department.pk, "reason": "不属于本网格职责"}
    take_step("ask_return", returned.pk, actor=world.grid_worker, now=now, data=ask)
    for case in (done, closed):
        take_step("sign_in", case.pk, actor=world.grid_worker, now=now, data={})
        take_step("report_done", case.pk, actor=world.grid_worker, now=now, data={"result": "清了"})
    take_step("close", closed.pk, actor=world.community_worker, now=now, data={"result": "好"})
    for case in (rich, *cases[4:20]):
        take_step("sign_in", case.pk, actor=world.grid_worker, now=now)
    task = helped(rich, world, now)
    for case in cases[4:20]:
        helped(case, world, now)
    tracked = make_case(world, actor=ANONYMOUS, now=now)
    for other in cases[40:43]:
        data = {"into": rich.number}
        take_step("merge", other.pk, actor=world.dispatcher, now=now, data=data)
    joined = matter_token(join_matter(rich.pk, actor=ANONYMOUS, now=now, key="k").joiner)
    for n in range(5):
        save_view(
            actor=world.dispatcher, now=now, list_key="cases", name=f"视图{n}", query="open=1"
        )
    admin = make_staff("system_admin", world.district)
    emergency, plan, _duty = make_emergency(world, now=now)
    ids = {"emergency": emergency.pk, "plan": plan.pk, "spot": many_hot_spots(world, now).pk}
    ids |= {"call": many_calls([closed, *cases[4:30]], world, now).pk}
    ids |= {"token": token_for(closed.pk, now)}
    ids |= many_articles(world) | {"closed": closed.number}
    ids["mediation"] = agree_mediation(world, [make_mediation(world) for _ in range(12)][-1]).pk
    ids |= load(world, now, ROWS)
    for n in range(30):
        route, walk = make_route(world, now=now, name=f"第{n}条路线")
    ids |= {"route": route.pk, "round": walk.pk}
    area = make_area("370705001011")
    ids["act"] = recode_area(actor=SYSTEM, now=now, area=area, code="370705001099").key
    ids["resource"] = [make_resource(world.community).pk for _ in range(30)][-1]
    ids["duty"] = [make_duty(grid, "part_time").pk for grid in [world.grid] * 30][-1]
    ids["layout"] = [make_layout_plan(world.community).pk for _ in range(30)][-1]
    return Busy(world, rich, cases[-1], returned, done, closed, tracked, task, joined, admin, ids)


def _actor(account: Account) -> Actor:
    from linli.base.accounts.queries import actor_of

    return actor_of(account)


@dataclass(frozen=True)
class Page:
    """One page: whose browser opens which address."""

    name: str
    path: Callable[[Busy], str]
    who: Callable[[Busy], Actor | Account | None] = lambda _busy: None
    needs: str = ""  # what must stand on the page, so that the count is of the real one


def dispatcher(busy: Busy) -> Actor:
    return busy.world.dispatcher


def worker(busy: Busy) -> Actor:
    return busy.world.grid_worker


def checker(busy: Busy) -> Actor:
    return busy.world.community_worker


def handler(busy: Busy) -> Actor:
    return busy.world.handler


def lead(busy: Busy) -> Actor:
    return busy.world.lead


def agent(busy: Busy) -> Actor:
    return busy.world.agent


def resident(busy: Busy) -> Actor:
    return busy.world.resident


def admin(busy: Busy) -> Account:
    return busy.admin


def clerk(who: str) -> Callable[[Busy], Actor | Account | None]:
    known = {"worker": checker, "handler": handler, "dispatcher": dispatcher, "lead": lead,
             "grid": worker, "": lambda _busy: None}  # fmt: skip
    return known.get(who) or (lambda busy: busy.ids[who])


def at(path: str) -> Callable[[Busy], str]:
    return lambda _busy: path


def case_at(prefix: str, name: str) -> Callable[[Busy], str]:
    return lambda busy: f"{prefix}{getattr(busy, name).number}/"


def staff_member(busy: Busy) -> str:
    return f"/desk/accounts/{busy.world.grid_worker.account_id}/"


TITLE = "垃圾没人收"
PAGES = [
    Page("website:home", at("/")),
    Page("website:home", at("/"), resident),
    Page("website:help", at("/help/")),
    Page("cases:praise", at("/desk/praise/"), dispatcher, "一社区服务中心"),
    Page("website:ask", at("/ask/"), needs="第3问"),
    Page("website:ask", at("/ask/?q=第3问怎么办理"), resident, "第3问"),
    Page("website:answer", at("/ask/{article}/"), resident, "当场收件"),
    Page("knowledge:list", at("/desk/knowledge/"), dispatcher, "第3问"),
    Page("knowledge:article", at("/desk/knowledge/{article}/"), dispatcher, "当场收件"),
    Page("knowledge:version", at("/desk/knowledge/versions/{version}/"), dispatcher, "当场收件"),
    Page("knowledge:edit", at("/desk/knowledge/{article}/edit/"), handler, "当场收件"),
    Page("knowledge:new", at("/desk/knowledge/new/?case_number={closed}"), checker),
    Page("website:report", at("/report/")),
    Page("website:report", at("/report/"), resident),
    Page("website:done", at("/report/done/2603160000001/")),
    Page("website:track", at("/track/")),
    Page("website:tracked", lambda b: f"/track/{b.tracked.case.number}/", needs=TITLE),
    Page("website:my", at("/my/cases/"), resident, TITLE),
    Page("website:case", case_at("/my/cases/", "rich"), resident, TITLE),
    Page("website:case", case_at("/my/cases/", "closed"), resident, TITLE),
    Page("messages:inbox", at("/my/messages/"), resident, "受理"),
    Page("messages:log", at("/desk/messages/"), admin),
    Page("messages:demo", at("/demo/messages/")),
    Page("accounts:own", at("/my/account/"), resident),
    Page("accounts:calendar", at("/desk/calendar/"), admin, "服务时间"),
    Page("accounts:me", at("/desk/me/"), dispatcher),
    Page("messages:desk_inbox", at("/desk/inbox/"), dispatcher),
    Page("accounts:login", at("/login/")),
    Page("accounts:staff", at("/staff/login/")),
    Page("accounts:accounts", at("/desk/accounts/"), admin, "网格员"),
    Page("accounts:accounts", at("/desk/accounts/?role=grid_worker&q=测试"), admin, "网格员"),
    Page("accounts:new", at("/desk/accounts/new/"), admin),
    Page("accounts:account", staff_member, admin, "网格员"),
    Page("accounts:units", at("/desk/units/"), admin, "网格"),
    Page("areas:tree", at("/desk/areas/"), dispatcher, "东街道"),
    Page("areas:tree", at("/desk/areas/?q=社区"), dispatcher, "12社区"),
    Page("areas:detail", at("/desk/areas/370705001/"), dispatcher, "12社区"),
    Page("areas:detail", at("/desk/areas/370705001001/"), dispatcher, "第4网格"),
    Page("areas:detail", at("/desk/areas/370705001011/"), dispatcher, "370705001099"),
    Page("areas:tree", at("/desk/areas/?q=370705001011"), dispatcher, "曾用名称或编码"),
    Page("areas:changes", at("/desk/areas/changes/"), dispatcher, "370705001011"),
    Page("areas:changed", at("/desk/areas/changes/{act}/"), dispatcher, "370705001099004"),
    Page("areas:change_choose", at("/desk/areas/changes/new/?q=社区"), admin, "12社区"),
    Page("areas:change_choose", at("/desk/areas/changes/new/?area=370705001012"), admin, "更名"),
    Page("areas:change", at("/desk/areas/370705001012/change/split/"), admin, "第4网格"),
    Page("areas:change", at("/desk/areas/370705001012/change/merge/"), admin, "10社区"),
    Page("areas:import", at("/desk/areas/import/"), admin),
    Page("accounts:door", at("/desk/door/?place=370705001001001"), dispatcher, "东街道"),
    Page("areas:edit", at("/desk/areas/370705001001/map/"), dispatcher, "第4网格"),
    Page("areas:coverage_report", at("/desk/areas/coverage/"), dispatcher, "12社区"),
    Page("areas:grids_file", at("/areas/370705001001/grids.geojson"), dispatcher),
    Page("areas:resources", at("/desk/areas/resources/"), dispatcher, "社区警务室"),
    Page("areas:resource", at("/desk/areas/resources/{resource}/"), dispatcher, "社区警务室"),
    Page("areas:resource_new", at("/desk/areas/resources/new/"), dispatcher),
    Page("areas:duties", at("/desk/areas/duties/"), dispatcher, "赵建国"),
    Page("areas:vacant", at("/desk/areas/duties/vacant/"), dispatcher, "缺网格长"),
    Page("areas:duties_of", at("/desk/areas/370705001001001/duties/"), dispatcher, "赵建国"),
    Page("areas:duty_new", at("/desk/areas/370705001001001/duties/new/"), dispatcher, "网格长"),
    Page("areas:duty_over", at("/desk/areas/duties/{duty}/hand-over/"), dispatcher, "赵建国"),
    Page("areas:duty_end", at("/desk/areas/duties/{duty}/end/"), dispatcher, "赵建国"),
    Page("areas:layouts", at("/desk/areas/layouts/"), dispatcher, "方案"),
    Page("areas:layout", at("/desk/areas/layouts/{layout}/"), dispatcher, "第4网格"),
    Page("areas:layout_progress", at("/desk/areas/layouts/{layout}/progress/"), dispatcher),
    Page("areas:layout_layer", at("/desk/areas/layouts/{layout}/after.geojson"), dispatcher),
    Page("areas:suggest", at("/areas/suggest/?address=3社区")),
    Page("areas:outline", at("/areas/outline.geojson")),
    Page("areas:below", at("/areas/370705/below.geojson"), dispatcher),
    Page("areas:boundary", at("/areas/370705001/boundary.geojson"), dispatcher),
    Page("areas:coverage", at("/areas/370705001001/coverage.geojson"), dispatcher),
    Page("cases:todo", at("/desk/"), dispatcher, TITLE),
    Page("cases:todo", at("/desk/"), worker, TITLE),
    Page("cases:todo", at("/desk/"), checker, TITLE),
    Page("cases:todo", at("/desk/?which=unit"), worker, TITLE),
    Page("cases:todo", at("/desk/?which=area"), dispatcher, TITLE),
    Page("cases:list", at("/desk/cases/"), dispatcher, TITLE),
    Page("cases:list", at("/desk/cases/?q=垃圾&open=1&sort=deadline&area=370705001"), lead, TITLE),
    Page("cases:new", at("/desk/cases/new/"), agent),
    *(
        Page("cases:detail", case_at("/desk/cases/", name), who, TITLE)
        for name in ("fresh", "rich", "returned", "done", "closed")
        for who in (dispatcher, checker, agent, lead)
    ),
    *(
        Page("cases:same", lambda b, name=name: f"/desk/cases/{getattr(b, name).number}/same/", who)
        for name in ("fresh", "rich")
        for who in (dispatcher, checker, agent)
    ),
    Page("cases:learned", at("/desk/suggestions/"), dispatcher, "最近的改选"),
    Page("website:matter", lambda b: f"/matters/{b.joined}/", needs="垃圾清运"),
    Page("cases:task_new", lambda b: f"/desk/cases/{b.rich.number}/tasks/extension/", worker),
    Page("cases:task_new", lambda b: f"/desk/cases/{b.rich.number}/tasks/co_handling/", worker),
    *(
        Page("cases:tasks", at(f"/desk/tasks/?which={which}"), who)
        for which in ("mine", "asked", "area")
        for who in (worker, dispatcher, handler, agent)
    ),
    Page("cases:looks", at("/desk/looks/"), lead),
    Page("cases:mediations", at("/desk/mediation/?which=all"), dispatcher, "民调字"),
    Page("cases:mediation_new", at("/desk/mediation/new/"), dispatcher),
    Page("cases:mediation", at("/desk/mediation/{mediation}/"), dispatcher, "独角兽"),
    Page("cases:mediation", at("/desk/mediation/{mediation}/"), lead, "民调字"),
    Page("cases:task", lambda b: f"/desk/tasks/{b.task.pk}/", handler, "请协助清运"),
    Page("cases:task", lambda b: f"/desk/tasks/{b.task.pk}/", dispatcher, "请协助清运"),
    Page("cases:calls", at("/desk/calls/"), agent, "data-call"),
    Page("cases:call", at("/desk/calls/{call}/"), agent, "已接通"),
    Page("website:rate_link", at("/rate/{token}/"), needs=TITLE),
    Page("kiosk:code", at("/kiosk/rate/")),
    Page("kiosk:thanks", at("/kiosk/rate/thanks/")),
    Page("field:today", at("/field/"), worker, TITLE),
    Page("cases:detail", case_at("/desk/cases/", "rich"), worker, TITLE),
    Page("cases:detail", case_at("/desk/cases/", "rich"), handler, TITLE),
    Page("field:case", case_at("/field/cases/", "rich"), worker, TITLE),
    Page("field:case", case_at("/field/cases/", "returned"), worker, TITLE),
    Page("field:new", at("/field/new/"), worker),
    Page("field:new", at("/field/new/"), checker),
    Page("field:day", at("/field/day/"), worker, "处理完毕"),
    Page("field:day_of", lambda b: f"/field/day/{b.world.grid_worker.account_id}/", checker),
    Page("field:days", at("/desk/days/"), checker, "检查项"),
    Page("field:rounds", at("/field/rounds/"), worker, "第29条路线"),
    Page("field:round", at("/field/rounds/{round}/"), worker, "消防通道畅通"),
    Page("patrols:rounds", at("/desk/patrols/"), checker, "第29条路线"),
    Page("patrols:round", at("/desk/patrols/rounds/{round}/"), checker, "消防通道畅通"),
    Page("patrols:routes", at("/desk/patrols/routes/"), checker, "第29条路线"),
    Page("patrols:route_new", at("/desk/patrols/routes/new/"), checker),
    Page("patrols:route", at("/desk/patrols/routes/{route}/"), checker, "消防通道畅通"),
    Page("field:queue", at("/field/queue/"), worker),
    Page("field:offline", at("/field/offline/")),
    Page("field:state", at("/field/state/"), worker),
    Page("field:manifest", at("/field/manifest.webmanifest")),
    Page("field:worker", at("/field/worker.js")),
    Page("cockpit:page", at("/desk/cockpit/"), lead, "东街道"),
    Page("cockpit:page", at("/desk/cockpit/"), dispatcher, "12社区"),
    Page("cockpit:wall", at("/desk/cockpit/wall/"), lead, "东街道"),
    Page("cockpit:layer", at("/desk/cockpit/map.geojson"), lead),
    Page(
        "cockpit:rows",
        at("/desk/cockpit/rows/?m=case.dispatched&start={month}&end={today}"),
        lead,
        TITLE,
    ),
    Page("emergencies:index", at("/desk/emergencies/"), lead, "燃气味"),
    Page("emergencies:new", at("/desk/emergencies/new/"), worker),
    Page("emergencies:situation", at("/desk/emergencies/{emergency}/"), dispatcher, "燃气味"),
    Page("emergencies:situation", at("/desk/emergencies/{emergency}/"), worker, "燃气味"),
    Page(
        "emergencies:resources", at("/desk/emergencies/{emergency}/resources/"), dispatcher, "资源"
    ),
    Page("emergencies:report", at("/desk/emergencies/{emergency}/reports/1/"), lead, "暂无"),
    Page("emergencies:plans", at("/desk/emergencies/plans/"), dispatcher, "疏散"),
    Page("emergencies:plan_new", at("/desk/emergencies/plans/new/"), dispatcher),
    Page("emergencies:plan", at("/desk/emergencies/plans/{plan}/"), dispatcher, "疏散"),
    Page("emergencies:duty", at("/desk/emergencies/duty/"), dispatcher),
    Page("hotspots:list", at("/desk/hotspots/"), lead, "data-spot"),
    Page("hotspots:list", at("/desk/hotspots/"), dispatcher, "data-spot"),
    Page("hotspots:layer", at("/desk/hotspots/map.geojson"), lead),
    Page("hotspots:spot", at("/desk/hotspots/{spot}/"), dispatcher, "每天的比对"),
    *(Page(name, at(path), clerk(who), needs) for name, path, who, needs in FED),
    Page("ui:components", at("/ui/components/")),
]
# Addresses that answer with no page of their own: posts, redirects, files, a health check.
NO_PAGE = {
    "areas:layout_adopt",
    "areas:layout_reject",
    "areas:resource_check",
    "areas:resource_close",
    "accounts:calendar_remove",
    "listing:ask",
    "accounts:code",
    "accounts:end_grant",
    "accounts:enrol",
    "accounts:grant",
    "accounts:logout",
    "accounts:move",
    "accounts:password",
    "accounts:resend",
    "accounts:second",
    "accounts:switch",
    "cases:contact",
    "cases:file",
    "cases:hints",
    "cases:history",
    "cases:join",
    "cases:step",
    "cases:task_step",
    "cases:thumbnail",
    "cases:together",
    "cockpit:refresh",
    "cases:mediation_paper",
    "cases:mediation_parties",
    "cases:mediation_step",
    "emergencies:duty_copy",
    "emergencies:duty_remove",
    "emergencies:step",
    "field:call",
    "field:send_event",
    "field:send_round",
    "field:send_step",
    "field:step",
    "health",
    "hotspots:seen",
    "cases:call_next",
    "cases:call_answer",
    "kiosk:solved",
    "kiosk:grade",
    "listing:forget",
    "listing:save",
    *FED_NO_PAGE,
    "messages:desk_open",
    "messages:desk_read_all",
    "messages:open",
    "messages:read_all",
    "messages:sms",
    "messages:unread",
    "ui:display",
    "ui:language",
    "knowledge:mark",
    "knowledge:step",
    "website:answer_mark",
    "website:claim",
    "website:join",
    "website:rate",
    "website:similar",
    "website:tracked_file",
    "website:tracked_rate",
    "website:tracked_thumbnail",
}


def names(resolver: Any, space: str = "") -> set[str]:
    found: set[str] = set()
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found |= names(entry, inner)
        else:
            found.add(space + entry.name)
    return found


def test_every_page_is_counted():
    counted = {page.name for page in PAGES}
    assert names(get_resolver()) - counted - NO_PAGE == set(), "put the new page into PAGES"
    assert counted.isdisjoint(NO_PAGE)


def test_no_page_asks_more_than_twelve_times(busy):
    """One test for all pages, since the busy district takes a while to build."""
    today = timezone.localdate()
    days = {"today": today, "month": today - timedelta(days=28)}
    faults = []
    for page in PAGES:
        client, path = Client(), page.path(busy).format(**days, **busy.ids)
        who = page.who(busy)
        if who is not None:
            account = who if isinstance(who, Account) else Account.objects.get(pk=who.account_id)
            client.force_login(account)
        elif page.name == "website:tracked":
            code = {"number": busy.tracked.case.number, "code": busy.tracked.tracking_code}
            client.post("/track/", code)
        for warm in (False, True):
            if not warm:  # what is kept in memory for some seconds has to be read again
                setup.forget()
                rules.forget()
                locate.forget()
                cache.clear()
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = client.get(path)
                text = b"".join(answer).decode()
            asked_for = [query["sql"] for query in asked if _counts(query["sql"])]
            place = f"{page.name} {path} by {page.who.__name__}{' again' if warm else ''}"
            if answer.status_code not in {200, 404} or (
                answer.status_code == 404 and "geojson" not in path
            ):
                faults.append(f"{place}: {answer.status_code}")
            if page.needs and page.needs not in text:
                faults.append(f"{place}: {page.needs} does not stand there")
            if len(asked_for) > MOST:
                listed = "\n    ".join(sql[:230] for sql in asked_for)
                faults.append(f"{place}: {len(asked_for)} queries\n    {listed}")
    assert not faults, "\n".join(faults)


def _counts(sql: str) -> bool:
    """Savepoints are no questions."""
    return not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO"))
