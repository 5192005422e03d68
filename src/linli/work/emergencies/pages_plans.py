"""Plans and the duty roster on the desk."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.scope import Actor

from .actions import copy_roster, remove_shift, save_plan, save_shift
from .forms import DutyForm, PlanForm, PlanMeasureForm
from .models import EmergencyPlan
from .queries import get_plan, roster, roster_units, visible_plans, who_for_measures

MeasureSet = formset_factory(PlanMeasureForm, extra=0, max_num=40, absolute_max=60)
BLANK_LINES = 4


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Show the plans that hold for the person's areas."""
    actor = _actor(request)
    if not actor.can("emergencies.view"):
        raise PermissionDenied
    rows = visible_plans(actor).prefetch_related("measures__unit").order_by("area_code", "name")
    context = {"plans": list(rows[:100]), "may_plan": actor.can("emergencies.plan")}
    return render(request, "emergencies/plans.html", context)


@staff_only
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, plan_id: int | None = None) -> HttpResponse:
    """Write a plan, new or again."""
    actor = _actor(request)
    if not actor.can("emergencies.plan"):
        raise PermissionDenied
    found = get_plan(actor, plan_id) if plan_id else None
    who = who_for_measures()
    if request.method == "GET":
        form, lines = _blank(found, who, actor)
        return render(
            request, "emergencies/plan.html", {"form": form, "lines": lines, "plan": found}
        )
    form = PlanForm(request.POST)
    lines = MeasureSet(request.POST, form_kwargs={"who": who})
    if form.is_valid() and lines.is_valid():
        rows = [_measure(row) for row in lines.cleaned_data if row.get("text")]
        try:
            save_plan(
                actor=actor, now=timezone.now(), head=form.cleaned_data, measures=rows,
                plan_id=plan_id,
            )  # fmt: skip
        except PermissionDenied:
            form.add_error("area_code", _("该区域不在您的权限范围内。"))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("预案已保存。"))
            return redirect("emergencies:plans")
    context = {"form": form, "lines": lines, "plan": found}
    return render(request, "emergencies/plan.html", context, status=422)


def _blank(found: EmergencyPlan | None, who: Any, actor: Actor) -> tuple[PlanForm, Any]:
    if found is None:
        area = next(iter(actor.areas("emergencies.plan")), "")
        initial: dict[str, Any] = {"area_code": area, "active": True}
        rows: list[dict[str, Any]] = []
    else:
        initial = {"name": found.name, "kind": found.kind, "area_code": found.area_code,
                   "active": found.active}  # fmt: skip
        rows = [
            {"text": row.text, "minutes": row.minutes,
             "who": f"unit:{row.unit_id}" if row.unit_id else row.unit_kind}
            for row in found.measures.all()
        ]  # fmt: skip
    rows += [{"minutes": 30}] * BLANK_LINES
    return PlanForm(initial=initial), MeasureSet(initial=rows, form_kwargs={"who": who})


def _measure(row: dict[str, Any]) -> dict[str, Any]:
    kind, _colon, unit = row["who"].partition(":")
    return {
        "text": row["text"],
        "minutes": row["minutes"],
        "unit_kind": "" if unit else kind,
        "unit_id": int(unit) if unit else None,
    }


def _week(text: str) -> datetime:
    """Return the Monday of the week asked for, or of this one."""
    try:
        day = parse_date(text) or timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    monday = day - timedelta(days=day.weekday())
    return timezone.make_aware(datetime.combine(monday, time.min))


@staff_only
@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest) -> HttpResponse:
    """Show the roster of a week, and put people on it."""
    actor, now = _actor(request), timezone.now()
    if not actor.can("emergencies.view"):
        raise PermissionDenied
    start = _week(request.GET.get("week", ""))
    units = roster_units(actor)
    form, status = DutyForm(units=units, initial=_usual(now)), 200
    if request.method == "POST":
        form, status = DutyForm(request.POST, units=units), 422
        if form.is_valid():
            try:
                save_shift(actor=actor, now=now, data=form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("已排班。"))
                return redirect(f"{request.path}?week={start:%Y-%m-%d}")
    shifts = roster(actor, start)
    codes = actor.areas("emergencies.roster")
    context = {
        "form": form,
        "days": [
            (start + timedelta(days=n), [s for s in shifts if _on(s, start + timedelta(days=n))])
            for n in range(7)
        ],
        "mine": {s.pk for s in shifts if any(s.area_code.startswith(code) for code in codes)},
        "start": start,
        "before": start - timedelta(days=7),
        "after": start + timedelta(days=7),
        "may_roster": bool(codes),
        "now": now,
    }
    return render(request, "emergencies/duty.html", context, status=status)


def _usual(now: datetime) -> dict[str, str]:
    """Return the usual shift: from eight in the morning to eight the next."""
    day = timezone.localtime(now).replace(hour=8, minute=0, second=0, microsecond=0)
    end = day + timedelta(days=1)
    return {"starts_at": f"{day:%Y-%m-%dT%H:%M}", "ends_at": f"{end:%Y-%m-%dT%H:%M}"}


def _on(shift: Any, day: datetime) -> bool:
    return bool(day <= shift.starts_at < day + timedelta(days=1))


@staff_only
@require_POST
def duty_copy(request: HttpRequest) -> HttpResponse:
    """Copy last week's roster."""
    actor = _actor(request)
    if not actor.can("emergencies.roster"):
        raise PermissionDenied
    start = _week(request.POST.get("week", ""))
    made = copy_roster(actor=actor, now=timezone.now(), start=start)
    messages.success(request, _("从上一周复制了%(n)d班。") % {"n": made})
    return redirect(f"/desk/emergencies/duty/?week={start:%Y-%m-%d}")


@staff_only
@require_POST
def duty_remove(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Take a shift off the roster."""
    remove_shift(actor=_actor(request), now=timezone.now(), shift_id=shift_id)
    messages.success(request, _("已取消这一班。"))
    return redirect(f"/desk/emergencies/duty/?week={request.POST.get('week', '')[:10]}")
