"""The record of who looked at whom, for those who watch over it."""

from __future__ import annotations

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.listing.view import show
from linli.kernel.scope import Actor

from ..filters import YES_NO
from ..models import Look
from .queries import visible_looks

LOOKS = Spec(
    key="looks",
    columns=(
        Column("at", _("时间"), lambda look: look.at),
        Column("who", _("查看人"), lambda look: look.actor.name if look.actor else ""),
        Column("unit", _("单位"), lambda look: look.actor.unit if look.actor else ""),
        Column("number", _("工单"), lambda look: look.case.number),
        Column("protected", _("身份受保护"), lambda look: _("是") if look.protected else _("否")),
        Column("reason", _("原因"), lambda look: look.reason),
    ),
    orders=(Order("new", _("最近查看"), "id", descending=True),),
)


class LookFilter(django_filters.FilterSet):
    """Looks at protected reporters only, or by someone."""

    protected = django_filters.ChoiceFilter(
        label=_("身份受保护"), choices=YES_NO, method="by_protected"
    )
    who = django_filters.CharFilter(label=_("查看人"), field_name="actor__name")

    class Meta:
        model = Look
        fields: list[str] = []

    def by_protected(self, rows, _name, value):  # type: ignore[no-untyped-def]
        """Keep looks at protected reporters, or at others."""
        return rows.filter(protected=value == "1")


@staff_only
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Show who looked at which reporter and why."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("cases.looks"):
        raise PermissionDenied
    rows = visible_looks(actor)
    listing = show(request, LOOKS, rows, filters=LookFilter(request.GET, queryset=rows))
    context = {"listing": listing}
    return render(request, "cases/looks.html", context, status=200 if listing.ok else 422)
