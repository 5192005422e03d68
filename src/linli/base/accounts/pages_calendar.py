"""The working calendar on the desk: which days are worked, where, and the service hours."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.scope import Actor
from linli.kernel.worktime.actions import remove_override, set_hours, set_override
from linli.kernel.worktime.calendar import is_estimated, statutory_workday
from linli.kernel.worktime.models import CalendarOverride, ServiceHours
from linli.kernel.worktime.rules import rules_for

from .access import staff_only
from .forms_desk import DayOffForm, HoursForm
from .pages_desk import need, put_errors

MANAGE = "worktime.manage"


@require_http_methods(["GET", "POST"])
@staff_only
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year as it holds for an area, and let administrators change days and hours."""
    actor = need(request, MANAGE)
    code = next(iter(actor.areas(MANAGE)), "")
    days = DayOffForm(initial={"area": code})
    hours = HoursForm(initial={"hours_area": code})
    if request.method == "POST" and "morning" in request.POST:
        hours = HoursForm(request.POST)
        if hours.is_valid() and _keep_hours(hours, actor):
            messages.success(request, _("服务时间已保存。"))
            return redirect(request.get_full_path())
    elif request.method == "POST":
        days = DayOffForm(request.POST)
        if days.is_valid() and _keep_days(days, actor):
            messages.success(request, _("日历已保存。已经算好的时限不变。"))
            return redirect(f"{request.path}?year={days.cleaned_data['first'].year}")
    year = _year(request.GET.get("year", ""))
    context = {
        "days": days, "hours": hours, "year": year, "estimated": is_estimated(year),
        "months": _months(year, code),
        "overrides": _mine(actor).filter(day__year=year).order_by("day", "area_prefix"),
        "rows": ServiceHours.objects.order_by("-valid_from", "area_prefix")[:20],
    }  # fmt: skip
    status = 422 if days.errors or hours.errors else 200
    return render(request, "accounts/desk/calendar.html", context, status=status)


def _year(text: str) -> int:
    now = timezone.localdate().year
    return int(text) if text.isascii() and text.isdigit() and 2000 < int(text[:6]) < 2100 else now


def _months(year: int, code: str) -> list[dict[str, Any]]:
    """Return the weeks of each month; a day says whether it is worked and why."""
    rules = rules_for(code)
    months = []
    for month in range(1, 13):
        weeks = [
            [_day(day, rules) if day.month == month else None for day in week]
            for week in Calendar(0).monthdatescalendar(year, month)
        ]
        months.append({"number": month, "weeks": weeks})
    return months


def _day(day: date, rules: Any) -> dict[str, Any]:
    worked = rules.is_workday(day)
    return {
        "day": day,
        "worked": worked,
        # What differs from an ordinary week is marked with a word, not by colour alone.
        "mark": "" if worked == (day.weekday() < 5) else (_("班") if worked else _("休")),
        "local": worked != statutory_workday(day),
    }


def _mine(actor: Actor) -> Any:
    from linli.kernel.scope import within

    return CalendarOverride.objects.filter(within(actor.areas(MANAGE), "area_prefix"))


def _keep_days(form: DayOffForm, actor: Actor) -> bool:
    data = form.cleaned_data
    if not actor.can(MANAGE, data["area"].code):
        form.add_error("area", _("该区域不在您的权限范围内。"))
        return False
    now, day = timezone.now(), data["first"]
    with transaction.atomic():
        while day <= data["last"]:
            set_override(
                actor=actor, now=now, day=day, is_workday=data["worked"] == "yes",
                area_prefix=data["area"].code, note=data["note"],
            )  # fmt: skip
            day += timedelta(days=1)
    return True


def _keep_hours(form: HoursForm, actor: Actor) -> bool:
    data = form.cleaned_data
    if not actor.can(MANAGE, data["hours_area"].code):
        form.add_error("hours_area", _("该区域不在您的权限范围内。"))
        return False
    try:
        set_hours(
            actor=actor, now=timezone.now(), periods=form.periods(),
            valid_from=data["valid_from"], area_prefix=data["hours_area"].code,
        )  # fmt: skip
    except ValidationError as error:
        put_errors(form, ValidationError({"morning": error.messages}))
        return False
    return True


@require_POST
@staff_only
def calendar_remove(request: HttpRequest, override_id: int) -> HttpResponse:
    """Take an exception away."""
    actor = need(request, MANAGE)
    row = _mine(actor).filter(pk=override_id).first()
    if row is None:
        raise Http404
    remove_override(actor=actor, now=timezone.now(), override_id=row.pk)
    messages.success(request, _("已恢复。已经算好的时限不变。"))
    return redirect(f"/desk/calendar/?year={row.day.year}")
