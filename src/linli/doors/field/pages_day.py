"""The day's sum: one's own on the phone, one's workers' on the desk."""

from __future__ import annotations

from datetime import date, timedelta
from operator import attrgetter

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.base.accounts.access import staff_only
from linli.base.accounts.models import Account
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.listing.spec import Column, Order, Spec

from . import day as days
from .phone import actor_of, draw, for_phone


def _asked(request: HttpRequest) -> date:
    """Return the day asked for, at most today."""
    today = timezone.localdate()
    try:
        found = parse_date(request.GET.get("day", "")) or today
    except ValueError:
        return today
    return min(found, today)


@for_phone
@require_safe
def day(request: HttpRequest, account_id: int | None = None) -> HttpResponse:
    """Show what someone did on a day: oneself, or a worker one works with."""
    actor, asked = actor_of(request), _asked(request)
    person = days.whose(actor, account_id or actor.account_id or 0)
    acts = days.acts_of(person.pk, asked)
    context = {
        "person": person,
        "own": person.pk == actor.account_id,
        "day": asked,
        "before": asked - timedelta(days=1),
        "after": asked + timedelta(days=1) if asked < timezone.localdate() else None,
        "sums": days.sums(acts),
        "lines": days.lines(acts, actor),
    }
    return draw(request, "field/day.html", context)


class DayForm(forms.Form):
    """Which day, and part of a name."""

    day = forms.DateField(
        label=_("日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    q = forms.CharField(label=_("姓名"), required=False, max_length=40)


def _spec(asked: date) -> Spec:
    return Spec(
        key="days",
        columns=(
            Column("name", _("姓名"), str),
            Column("unit", _("网格"), lambda row: row.unit.name if row.unit else ""),
            *(Column(key, label, attrgetter(f"n_{key}")) for key, label, _wanted in days.COUNTS),
            Column("items", _("检查项"), lambda row: row.n_items),
            Column("problems", _("发现问题"), lambda row: row.n_problems),
        ),
        orders=(Order("name", _("按工号"), "username"),),
        href=lambda row: f"{reverse('field:day_of', args=[row.pk])}?day={asked:%Y-%m-%d}",
    )


@staff_only
@require_safe
def workers(request: HttpRequest) -> HttpResponse:
    """List what each worker of one's areas did on a day; results, in the order of work numbers."""
    actor = actor_of(request)
    if not actor.can("field.days"):
        raise PermissionDenied
    asked = _asked(request)
    rows = days.with_counts(days.workers_of(actor), asked)

    def narrow(found: QuerySet[Account], clean: object) -> QuerySet[Account]:
        words = clean["q"]  # type: ignore[index]
        return found.filter(name__icontains=words) if words else found

    filters = FormFilters(DayForm(request.GET, auto_id="filter_%s"), rows, narrow)
    context = {"day": asked, "before": asked - timedelta(days=1)}
    return respond(
        request, "field/days.html", _spec(asked), rows, filters=filters, export="field.days",
        context=context,
    )  # fmt: skip
