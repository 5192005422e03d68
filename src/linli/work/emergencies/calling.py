"""The call tree: who is told of an emergency at a place, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.accounts.models import Account, GrantRow, Unit, UnitKind
from linli.base.messages.actions import queue_message
from linli.base.messages.models import Channel

from . import clocks
from .models import Call, Duty, DutyRole, Emergency, Level

TEMPLATES = {
    "emergencies.call": "【突发事件】{title}（{level}，{place}）。请立即打开系统确认收到：{link}",
    "emergencies.pass_on": "【突发事件】{who}未应答，请接替：{title}（{place}）。确认：{link}",
    "emergencies.owed": "【突发事件】“{title}”应于{due}前{report}，请立即报送：{link}",
}
LABELS = {
    "emergencies.call": gettext_lazy("突发事件叫应"),
    "emergencies.pass_on": gettext_lazy("突发事件转叫他人"),
    "emergencies.owed": gettext_lazy("突发事件报告催办"),
}
# Who is called where nobody stands on the roster, by the unit's kind.
ROLES = {
    UnitKind.GRID: "grid_worker",
    UnitKind.COMMUNITY: "community_worker",
    UnitKind.SUBDISTRICT: "subdistrict_dispatcher",
    UnitKind.DISTRICT: "district_dispatcher",
}
LENGTHS = {15: UnitKind.GRID, 12: UnitKind.COMMUNITY, 9: UnitKind.SUBDISTRICT, 6: UnitKind.DISTRICT}


def units_told(area_code: str) -> list[Unit]:
    """Return the units at a place from its grid up to the district, the nearest first."""
    condition = Q(pk__in=[])
    for length, kind in LENGTHS.items():
        if len(area_code) >= length:
            condition |= Q(kind=kind, area_code=area_code[:length])
    return list(Unit.objects.filter(condition, active=True).order_by("-area_code", "pk"))


def candidates(unit: Unit, now: datetime, *, leaders: bool) -> list[Account]:
    """Return whom to call in a unit, best first: the roster of this hour, then the unit's staff.

    `leaders` puts the leader on duty first (levels I and II), else the person on duty.
    """
    shifts = Duty.objects.filter(unit=unit, starts_at__lte=now, ends_at__gt=now)
    first = DutyRole.LEADER if leaders else DutyRole.ON_DUTY
    listed = sorted(
        shifts.select_related("account"), key=lambda shift: (shift.role != first, shift.pk)
    )
    found = [shift.account for shift in listed if shift.account.is_active]
    holders = GrantRow.objects.filter(role=ROLES[UnitKind(unit.kind)], valid_to=None)
    staff = Account.objects.filter(
        unit=unit, is_active=True, kind="staff", pk__in=holders.values("account_id")
    ).order_by("pk")
    return list({account.pk: account for account in [*found, *staff]}.values())


def call_all(emergency: Emergency, now: datetime) -> int:
    """Tell one person of each unit of the place who was not told before; return how many."""
    told = set(emergency.calls.values_list("unit_id", flat=True))
    called = set(emergency.calls.values_list("account_id", flat=True))
    made = 0
    grave = emergency.level in {Level.RED, Level.ORANGE}
    for unit in units_told(emergency.area_code):
        if unit.pk in told:
            continue
        free = (who for who in candidates(unit, now, leaders=grave) if who.pk not in called)
        who = next(free, None)
        if who is not None:
            called.add(who.pk)
            _call(emergency, who, unit, now)
            made += 1
    return made


def _call(
    emergency: Emergency, who: Account, unit: Unit, now: datetime, stands_for: Call | None = None
) -> Call:
    call = Call.objects.create(
        emergency=emergency, account=who, unit=unit, sent_at=now, due_at=now + clocks.ANSWER,
        stands_for=stands_for,
        # Who raises the alarm knows of it.
        answered_at=now if who.pk == emergency.raised_by_id else None,
    )  # fmt: skip
    if call.answered_at is not None:
        return call
    params = place_of(emergency)
    if stands_for is not None:
        params["who"] = str(stands_for.account)
    template = "emergencies.pass_on" if stands_for else "emergencies.call"
    tell(emergency, [who], template, params, f"call:{call.pk}", now)
    return call


def pass_on(call: Call, now: datetime) -> Call | None:
    """Call a deputy of who did not answer; None where the unit has nobody left."""
    emergency = call.emergency
    called = set(emergency.calls.values_list("account_id", flat=True))
    grave = emergency.level in {Level.RED, Level.ORANGE}
    free = (who for who in candidates(call.unit, now, leaders=not grave) if who.pk not in called)
    who = next(free, None)
    return None if who is None else _call(emergency, who, call.unit, now, call)


def place_of(emergency: Emergency) -> dict[str, str]:
    """Return the words every message of an emergency needs."""
    return {
        "title": emergency.title,
        "level": str(Level(emergency.level).label),
        "place": f"{emergency.area.name}{emergency.address}",
        "link": link_of(emergency),
    }


def link_of(emergency: Emergency) -> str:
    """Return the address of the situation page."""
    return f"/desk/emergencies/{emergency.pk}/"


def tell(
    emergency: Emergency,
    people: Iterable[Account],
    template: str,
    params: dict[str, str],
    key: str,
    now: datetime,
) -> None:
    """Send each person the message in the site and by SMS, at any hour, once for each key."""
    for who in people:
        for channel in (Channel.SITE, Channel.SMS):
            if channel == Channel.SMS and not who.phone:
                continue
            queue_message(
                key=f"emergency:{emergency.pk}:{key}:{who.pk}:{channel}",
                account=who,
                channel=channel,
                template=template,
                params=params,
                link=link_of(emergency),
                now=now,
                urgent=True,
            )


def remind(emergency: Emergency, now: datetime) -> None:
    """Remind everybody who answered, or was called last, that a report is owed."""
    calls = emergency.calls.filter(passed_on_at=None).select_related("account")
    due = emergency.due_at
    if due is None:
        return
    words = {"phone": _("电话首报"), "written": _("书面首报"), "follow_up": _("续报")}
    from django.utils import timezone

    params = place_of(emergency) | {
        "due": f"{timezone.localtime(due):%m月%d日%H:%M}",
        "report": words[emergency.owes],
    }
    key = f"owed:{emergency.owes}:{due:%Y%m%d%H%M}"
    tell(emergency, [call.account for call in calls], "emergencies.owed", params, key, now)
