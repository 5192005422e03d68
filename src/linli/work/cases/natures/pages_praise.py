"""Praise on the desk: who was praised for what, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.scope import Actor

from ..models import Nature
from ..queries import visible_cases, with_names

YEAR, MOST_UNITS = timedelta(days=365), 10
SPEC = Spec(
    key="praise",
    columns=(
        Column("title", _("表扬"), lambda case: case.title),
        Column("unit", _("单位"), lambda case: case.unit.name if case.unit else ""),
        Column("place", _("地点"), lambda case: case.area.full_name),
        Column("channel", _("渠道"), lambda case: case.get_channel_display()),
        Column("created", _("登记时间"), lambda case: case.created_at),
    ),
    orders=(Order("new", _("最新登记"), "id", descending=True),),
    href=lambda case: reverse("cases:detail", args=[case.number]),
    shown=("unit", "since"),
)


class PraiseFilter(forms.Form):
    """Praise of a unit, or since a day."""

    unit = forms.CharField(label=_("单位"), required=False, max_length=60)
    since = forms.DateField(
        label=_("登记不早于"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日期应写成2026-03-18。")},
    )  # fmt: skip


def _narrow(rows: QuerySet[Any], data: Mapping[str, Any]) -> QuerySet[Any]:
    if data["unit"]:
        rows = rows.filter(unit__name__icontains=data["unit"])
    if data["since"]:
        rows = rows.filter(created_at__date__gte=data["since"])
    return rows


@staff_only
@require_safe
def praise(request: HttpRequest) -> HttpResponse:
    """List praise in the person's scope, and above it the units praised most in a year."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("cases.praise"):
        raise PermissionDenied
    rows = visible_cases(actor).filter(nature=Nature.PRAISE)
    recent = rows.filter(created_at__gte=timezone.now() - YEAR, unit__isnull=False)
    by_unit = recent.values("unit__name").annotate(n=Count("pk")).order_by("-n", "unit__name")
    form = PraiseFilter(request.GET, auto_id="filter_%s")
    return respond(
        request, "cases/praise.html", SPEC, with_names(rows),
        filters=FormFilters(form, with_names(rows), _narrow), export="cases.export",
        context={"by_unit": list(by_unit[:MOST_UNITS])},
    )  # fmt: skip
