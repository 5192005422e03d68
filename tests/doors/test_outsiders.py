"""Every address of the site, visited by people it is not for: nothing is shown, nothing breaks.

The addresses come from the URL resolver. One that names an object and is not in `OBJECTS` fails
the test: say there how its arguments are built from the inside world, and for whom it is.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from area_factories import make_duty, make_layout_plan, make_resource
from doors.addresses import missing, patterns, shown, to_login
from doors.feeders import KEYED, PUBLIC
from doors.feeders import OBJECTS as FED
from factories import (
    MONDAY,
    make_area,
    make_article,
    make_case,
    make_district,
    make_emergency,
    make_hot_spot,
    make_mediation,
    make_resident,
    make_route,
    make_staff,
    make_unit,
)
from linli.base.accounts.models import Account
from linli.base.accounts.policies import ROLES
from linli.base.areas.actions import rename
from linli.base.areas.models import Duty
from linli.base.messages.actions import queue_message
from linli.base.messages.models import Message
from linli.base.people.erasing.looking import certificate_token
from linli.kernel.listing.actions import save_view
from linli.kernel.scope import ANONYMOUS, SYSTEM, Actor
from linli.kernel.worktime.actions import set_override
from linli.work.cases.actions import accept_and_dispatch, clean_files, join_matter, take_step
from linli.work.cases.models import Attachment, Case, SubTask
from linli.work.cases.queries import matter_token
from linli.work.cases.rating_links import token_for
from linli.work.cases.tasks.actions import open_tasks
from linli.work.patrols.models import Round
from record_factories import make_record

pytestmark = pytest.mark.django_db

TITLE, STAFF, PHONE = "独角兽夜里鸣叫", "白里人", "19000098765"
DESK = ("/desk/", "/field/", "/my/")  # whoever is not logged in there is asked to
NOTHING = {401, 403, 404, 405}


@dataclass
class Inside:
    """What stands in the first subdistrict; outsiders belong to the second, or nowhere."""

    world: Any
    case: Case
    tracked: Case
    code: str
    file: Attachment
    tracked_file: Attachment
    worker: Account
    message: Message
    call: Message
    view: Any
    record: Any
    task: Any
    emergency: Any
    mediation: Any
    spot: Any
    call_back: Any
    token: str


def _call(world: Any) -> Message:
    queue_message(
        key="call", account=Account.objects.get(pk=world.dispatcher.account_id), channel="site",
        template="accounts.code", params={"code": TITLE}, now=MONDAY, link="/desk/",
    )  # fmt: skip
    return Message.objects.get(key="call")


def _day_off(inside: Any) -> Any:
    return set_override(
        actor=inside.world.dispatcher, now=MONDAY, day=MONDAY.date(), is_workday=False,
        area_prefix=inside.world.community.code,
    )  # fmt: skip


def photo() -> list[Any]:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#335577").save(out, "JPEG")
    return clean_files([SimpleUploadedFile("p.jpg", out.getvalue(), "image/jpeg")])


@pytest.fixture
def inside(settings, tmp_path) -> Inside:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    settings.DEMO = False
    cache.clear()
    world = make_district()
    case = make_case(world, title=TITLE, text=TITLE, reporter_phone=PHONE, files=photo()).case
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    tracked = make_case(world, actor=ANONYMOUS, title=TITLE, text=TITLE, files=photo())
    take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY)
    # Days are no one's to give but the dispatcher's, so that nobody elsewhere is asked in.
    [task] = open_tasks(
        "extension", case.pk, actor=world.grid_worker, now=MONDAY, key="k",
        data={"days": "3", "text": TITLE},
    )  # fmt: skip
    return Inside(
        world=world,
        case=case,
        tracked=tracked.case,
        code=tracked.tracking_code or "",
        file=Attachment.objects.get(case=case),
        tracked_file=Attachment.objects.get(case=tracked.case),
        worker=make_staff("community_worker", world.community, world.community_unit, name=STAFF),
        message=Message.objects.filter(account_id=world.resident.account_id, channel="site")[0],
        call=_call(world),
        task=task,
        record=make_record(world, TITLE),
        emergency=make_emergency(world),
        mediation=make_mediation(world),
        spot=make_hot_spot(world, TITLE),
        call_back=_call_back(world),
        token=_token(world),
        view=save_view(
            actor=world.dispatcher, now=MONDAY, list_key="cases", name="里面", query="q=1"
        ),
    )


def _closed(world: Any, title: str) -> Case:
    case = make_case(world, title=title, text=title).case
    take_step("settle", case.pk, actor=world.community_worker, now=MONDAY, data={"result": "好"})
    return case


def _call_back(world: Any) -> SubTask:
    case = _closed(world, TITLE)
    return SubTask.objects.create(
        kind="call_back", case=case, unit=world.subdistrict_unit, state="open", version=1,
        area_code=case.area_code, opened_at=MONDAY, due_at=MONDAY, open_key="call",
    )  # fmt: skip


def _token(world: Any) -> str:
    return token_for(_closed(world, "已经办结的事").pk, timezone.now())


def entered(actor: Actor | Account | None) -> Client:
    """Return a browser logged in as someone; a fault of a page is an answer 500, not an error."""
    client = Client(raise_request_exception=False)
    if actor is not None:
        account = actor if isinstance(actor, Account) else Account.objects.get(pk=actor.account_id)
        client.force_login(account)
    return client


def tracking(number: str, code: str) -> Client:
    client = entered(None)
    assert client.post("/track/", {"number": number, "code": code}).status_code == 302
    return client


def outsiders(inside: Inside) -> dict[str, Client]:
    """Return browsers of everyone who has no business inside."""
    other = inside.world.other_subdistrict
    found = {"anonymous": entered(None), "another resident": entered(make_resident())}
    for role in ROLES:
        unit = make_unit("subdistrict", other)
        found[f"{role} elsewhere"] = entered(make_staff(role, other, unit))
    theirs = make_case(inside.world, actor=ANONYMOUS, title="别的事")
    found["someone with another code"] = tracking(theirs.case.number, theirs.tracking_code or "")
    return found


@dataclass(frozen=True)
class Object:
    """How an address is built, who may open it (to prove the arguments right), and who else may.

    `open_to` names outsiders who may see it all the same, with the reason why in the comment
    beside the entry; `shows_nothing` is for an address that only echoes what is in it.
    """

    args: Callable[[Inside], dict[str, Any]]
    insider: Callable[[Inside], Client]
    data: Callable[[Inside], dict[str, Any]] = field(default=lambda _inside: {})
    open_to: Callable[[str], bool] = field(default=lambda _who: False)
    shows_nothing: bool = False


def security(inside: Inside) -> Client:
    return entered(make_staff("security_admin", inside.world.subdistrict))


def system(inside: Inside) -> Client:
    return entered(make_staff("system_admin", inside.world.subdistrict))


def dispatcher(inside: Inside) -> Client:
    return entered(inside.world.dispatcher)


def agent(inside: Inside) -> Client:
    return entered(inside.world.agent)


def worker(inside: Inside) -> Client:
    return entered(inside.world.grid_worker)


def resident(inside: Inside) -> Client:
    return entered(inside.world.resident)


def tracker(inside: Inside) -> Client:
    return tracking(inside.tracked.number, inside.code)


def account(inside: Inside) -> dict[str, Any]:
    return {"account_id": inside.worker.pk}


def mediation(inside: Inside) -> dict[str, Any]:
    return {"mediation_id": inside.mediation.pk}


def emergency(inside: Inside) -> dict[str, Any]:
    return {"emergency_id": inside.emergency[0].pk}


def number(inside: Inside) -> dict[str, Any]:
    return {"number": inside.case.number}


def tracked(inside: Inside) -> dict[str, Any]:
    return {"number": inside.tracked.number}


def joined(inside: Inside) -> dict[str, Any]:
    done = join_matter(inside.case.pk, actor=inside.world.resident, now=MONDAY, key="k")
    return {"token": matter_token(done.joiner)}


def community(inside: Inside) -> dict[str, Any]:
    return {"code": inside.world.community.code}


def plan(inside: Inside) -> dict[str, Any]:
    found = make_layout_plan(inside.world.community)
    return {"plan_id": found.pk}


def resource(inside: Inside) -> dict[str, Any]:
    return {"resource_id": make_resource(inside.world.community).pk}


def duty(inside: Inside) -> dict[str, Any]:
    found = Duty.objects.first() or make_duty(inside.world.community)
    return {"duty_id": found.pk}


def due(inside: Inside) -> dict[str, Any]:
    found = Round.objects.first() or make_route(inside.world)[1]
    return {"round_id": found.pk}


def route(inside: Inside) -> dict[str, Any]:
    return {"route_id": Round.objects.get(pk=due(inside)["round_id"]).route_id}


def planner(inside: Inside) -> Client:
    return entered(inside.world.community_worker)


def draft(inside: Inside) -> Any:
    """Return a draft that was written for the inside community."""
    return make_article(inside.world, area=inside.world.community, publish=False, title=TITLE)


def published(inside: Inside) -> Any:
    """Return an answer in force in the inside community."""
    return make_article(inside.world, area=inside.world.community, title="几点开门")


def staff_elsewhere(who: str) -> bool:
    return who.endswith("elsewhere")


def _renamed(inside: Inside) -> Any:
    area = make_area("370705001009", "旧名社区")
    return rename(actor=SYSTEM, now=timezone.now(), area=area, name="新名社区").key


OBJECTS: dict[str, Object] = {
    "accounts:account": Object(account, security),
    "accounts:calendar_remove": Object(lambda i: {"override_id": _day_off(i).pk}, system),
    "accounts:grant": Object(account, security),
    "accounts:move": Object(account, system),
    "accounts:password": Object(account, system),
    "accounts:switch": Object(lambda i: account(i) | {"to": "lock"}, security),
    "accounts:end_grant": Object(
        lambda i: account(i) | {"grant_id": i.worker.grants.get().pk}, security
    ),
    # The whole district's tree and map help everyone who works in it (areas/policies.py).
    "areas:detail": Object(community, dispatcher, open_to=staff_elsewhere),
    "areas:edit": Object(community, dispatcher),
    "areas:change": Object(lambda i: community(i) | {"kind": "rename"}, system),
    "areas:changed": Object(lambda i: {"act": _renamed(i)}, dispatcher, open_to=staff_elsewhere),
    "areas:grids_file": Object(community, dispatcher, open_to=staff_elsewhere),
    # outlines down to grids hang on the community's wall
    "areas:below": Object(community, dispatcher, open_to=lambda _who: True),
    "areas:boundary": Object(community, dispatcher, open_to=lambda _who: True),
    "areas:coverage": Object(community, dispatcher, open_to=staff_elsewhere),
    "areas:layout": Object(plan, dispatcher),
    "areas:layout_progress": Object(plan, dispatcher),
    "areas:layout_layer": Object(lambda i: plan(i) | {"side": "after"}, dispatcher),
    "areas:resource": Object(resource, dispatcher, open_to=staff_elsewhere),
    "areas:resource_check": Object(resource, dispatcher),
    "areas:resource_close": Object(resource, dispatcher),
    "areas:duties_of": Object(community, dispatcher, open_to=staff_elsewhere),
    "areas:duty_new": Object(community, dispatcher),
    "areas:duty_over": Object(duty, dispatcher),
    "areas:duty_end": Object(duty, dispatcher),
    "areas:layout_adopt": Object(plan, dispatcher),
    "areas:layout_reject": Object(plan, dispatcher, lambda _i: {"reason": "跨主干道"}),
    # What is published for the whole district is for everyone; this draft is one community's.
    "knowledge:article": Object(lambda i: {"article_id": draft(i).article_id}, dispatcher),
    "knowledge:edit": Object(lambda i: {"article_id": draft(i).article_id}, dispatcher),
    "knowledge:mark": Object(
        lambda i: {"article_id": published(i).article_id}, dispatcher, lambda _i: {"helpful": "1"}
    ),
    "knowledge:version": Object(lambda i: {"version_id": draft(i).pk}, dispatcher),
    "knowledge:step": Object(
        lambda i: {"version_id": draft(i).pk, "name": "withdraw"},
        dispatcher,
        lambda _i: {"remark": "错了"},
    ),
    # Answers in force are published to everybody.
    "website:answer": Object(
        lambda i: {"article_id": published(i).article_id},
        resident,
        open_to=lambda _who: True,
        shows_nothing=True,
    ),
    "website:answer_mark": Object(
        lambda i: {"article_id": published(i).article_id},
        resident,
        lambda _i: {"helpful": "1"},
        open_to=lambda _who: True,
        shows_nothing=True,
    ),
    "cases:detail": Object(number, dispatcher),
    "cases:contact": Object(number, dispatcher, lambda i: {"reason": "核实"}),
    "cases:step": Object(lambda i: number(i) | {"name": "add_note"}, dispatcher),
    "cases:same": Object(number, dispatcher),
    "cases:history": Object(number, dispatcher),
    "cases:join": Object(number, dispatcher, lambda _i: {"reporter_phone": "19000011111"}),
    "cases:task_new": Object(
        lambda i: number(i) | {"kind": "co_handling"}, worker, lambda i: {"text": "请协助"}
    ),
    "cases:task": Object(lambda i: {"task_id": i.task.pk}, dispatcher),
    "cases:task_step": Object(lambda i: {"task_id": i.task.pk, "name": "grant"}, dispatcher),
    "cases:file": Object(lambda i: {"attachment_id": i.file.pk}, dispatcher),
    "cases:thumbnail": Object(lambda i: {"attachment_id": i.file.pk}, resident),
    "cases:mediation": Object(mediation, dispatcher),
    "cases:mediation_step": Object(lambda i: mediation(i) | {"name": "refuse"}, dispatcher),
    "cases:mediation_parties": Object(mediation, dispatcher),
    "cases:mediation_paper": Object(lambda i: mediation(i) | {"kind": "docx"}, dispatcher),
    "emergencies:situation": Object(emergency, dispatcher),
    "emergencies:resources": Object(emergency, dispatcher),
    "emergencies:step": Object(lambda i: emergency(i) | {"name": "withdraw"}, dispatcher),
    "emergencies:report": Object(lambda i: emergency(i) | {"number": 1}, dispatcher),
    "emergencies:plan": Object(lambda i: {"plan_id": i.emergency[1].pk}, dispatcher),
    "emergencies:duty_remove": Object(lambda i: {"shift_id": i.emergency[2].pk}, dispatcher),
    "cases:call": Object(lambda i: {"task_id": i.call_back.pk}, agent),
    "cases:call_answer": Object(lambda i: {"task_id": i.call_back.pk, "name": "miss"}, agent),
    # The token is the key: whoever holds it may rate, staff may not (tests/doors/website).
    "website:rate_link": Object(
        lambda i: {"token": i.token}, lambda _i: entered(None), open_to=lambda _who: True
    ),
    # So is this one's: it shows what was erased and why, and names nobody.
    "people:certificate": Object(
        lambda i: {"token": certificate_token(i.record.erasure)},
        lambda _i: entered(None),
        open_to=lambda _who: True,
    ),
    "hotspots:spot": Object(lambda i: {"spot_id": i.spot.pk}, dispatcher),
    "hotspots:seen": Object(
        lambda i: {"spot_id": i.spot.pk}, dispatcher, lambda _i: {"note": "看过"}
    ),
    "field:case": Object(number, worker),
    "field:call": Object(number, worker),
    "field:send_step": Object(lambda i: number(i) | {"name": "report_done"}, worker),
    "field:day_of": Object(lambda i: {"account_id": i.world.grid_worker.account_id}, planner),
    "field:round": Object(due, worker),
    "field:send_round": Object(due, worker),
    "patrols:round": Object(due, dispatcher),
    "patrols:route": Object(route, planner),
    "field:step": Object(lambda i: number(i) | {"name": "report_done"}, worker),
    "listing:forget": Object(lambda i: {"pk": i.view.pk}, dispatcher),
    "messages:desk_open": Object(lambda i: {"message_id": i.call.pk}, dispatcher),
    "messages:open": Object(lambda i: {"message_id": i.message.pk}, resident),
    "website:case": Object(number, resident),
    "website:rate": Object(number, resident),
    # Whoever has the unguessable address sees kind, subdistrict and state, never a text or name.
    "website:matter": Object(joined, resident, open_to=lambda _who: True),
    # Says "received" with the number that stands in the address, and reads nothing.
    "website:done": Object(number, resident, open_to=lambda _who: True, shows_nothing=True),
    "website:tracked": Object(tracked, tracker),
    "website:tracked_rate": Object(tracked, tracker),
    "website:tracked_file": Object(lambda i: {"attachment_id": i.tracked_file.pk}, tracker),
    "website:tracked_thumbnail": Object(lambda i: {"attachment_id": i.tracked_file.pk}, tracker),
}
OBJECTS |= {
    name: Object(args, lambda i, who=who: entered(who(i)), lambda _i, data=data: data)
    for name, (args, who, data) in FED.items()
}
OBJECTS |= {
    name: Object(args, lambda _i: entered(None), open_to=lambda _who: True)
    for name, args in PUBLIC.items()
}


WITH_OBJECT = sorted(name for name, takes in patterns().items() if takes)
PLAIN = sorted(name for name, takes in patterns().items() if not takes)


def test_every_address_with_an_object_is_known_here():
    assert set(WITH_OBJECT) - KEYED == set(OBJECTS), (
        "say in OBJECTS how the address is built, and for whom"
    )


@pytest.mark.parametrize("name", [name for name in WITH_OBJECT if name in OBJECTS])
def test_an_object_is_not_there_for_outsiders(name, inside):
    known = OBJECTS[name]
    args, data = known.args(inside), known.data(inside)
    address = reverse(name, kwargs=args)
    nowhere = [reverse(name, kwargs=missing(args, huge)) for huge in (False, True)]
    for who, client in outsiders(inside).items():
        for method in (client.get, client.post):
            answer = method(address, data)
            what = f"{who}: {method.__name__.upper()} {address} -> {answer.status_code}"
            assert answer.status_code < 500, what
            if known.open_to(who):
                assert TITLE not in shown(answer), what
                continue
            assert answer.status_code in NOTHING or to_login(answer), what
            if who == "anonymous" and method == client.get and address.startswith(DESK):
                assert answer.status_code == 405 or to_login(answer), what
            assert TITLE not in shown(answer), what
            for other in nowhere:  # nobody learns from the answer whether the object exists
                assert method(other, data).status_code == answer.status_code, what


@pytest.mark.parametrize("name", [name for name in WITH_OBJECT if name in OBJECTS])
def test_the_arguments_are_right_for_those_inside(name, inside):
    known = OBJECTS[name]
    address, client = reverse(name, kwargs=known.args(inside)), known.insider(inside)
    answers = [client.get(address), client.post(address, known.data(inside))]
    codes = [answer.status_code for answer in answers]
    assert set(codes) & {200, 302, 409, 422}, codes
    assert set(codes) <= {200, 302, 405, 409, 422}, codes
    assert not any(to_login(answer) for answer in answers)


def test_outsiders_change_nothing(inside):
    case = Case.objects.get(pk=inside.case.pk)
    before = (case.state, case.version, inside.worker.grants.filter(valid_to=None).count())
    for name, known in OBJECTS.items():
        address = reverse(name, kwargs=known.args(inside))
        for client in outsiders(inside).values():
            client.post(address, known.data(inside))
    case.refresh_from_db()
    after = (case.state, case.version, inside.worker.grants.filter(valid_to=None).count())
    assert after == before
    assert Account.objects.get(pk=inside.worker.pk).is_active
