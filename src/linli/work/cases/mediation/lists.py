"""The list of mediations: its columns, orders and filters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.ui.templatetags.ui import deadline, state_badge

from .models import DisputeKind, Mediation, MediationState, Obligation, Result

SPEC = Spec(
    key="mediations",
    columns=(
        Column("number", _("编号"), lambda row: row.number),
        Column("kind", _("纠纷类型"), lambda row: row.get_kind_display()),
        Column("parties", _("当事人"),
               lambda row: "、".join(party.shown for party in row.parties.all())),
        Column("place", _("调委会"), lambda row: row.committee.short_name),
        Column("mediator", _("调解员"), lambda row: row.mediator.name),
        Column("state", _("状态"), lambda row: row.get_state_display(),
               html=lambda row: state_badge(row.state, row.get_state_display())),
        Column("due", _("调解期限"), lambda row: row.due_at,
               html=lambda row: deadline(row.due_at, timezone.now()) if row.due_at else "—"),
        Column("effective", _("协议生效"), lambda row: row.effective_on),
        Column("court", _("司法确认"),
               lambda row: row.get_confirmation_display() if row.effective_on else None),
        Column("opened", _("登记"), lambda row: row.opened_at),
    ),
    orders=(
        Order("new", _("最新登记"), "id", descending=True),
        Order("due", _("最近到期"), "due_at", nullable=True),
    ),
    href=lambda row: reverse("cases:mediation", args=[row.pk]),
    shown=("q", "kind", "late"),
)  # fmt: skip


class MediationFilter(django_filters.FilterSet):
    """Filters by number, kind, state, and what is late."""

    q = django_filters.CharFilter(label=_("编号或调解员"), method="by_words")
    kind = django_filters.ChoiceFilter(label=_("纠纷类型"), choices=DisputeKind.choices)
    late = django_filters.ChoiceFilter(
        label=_("已超期"), choices=[("due", _("调解")), ("owed", _("履行"))], method="by_late"
    )
    state = django_filters.ChoiceFilter(label=_("状态"), choices=MediationState.choices)

    class Meta:
        model = Mediation
        fields: list[str] = []

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def by_words(self, rows: QuerySet[Mediation], _name: str, value: str) -> QuerySet[Mediation]:
        """Find by number or mediator."""
        return rows.filter(Q(number__icontains=value) | Q(mediator__name__icontains=value))

    def by_late(self, rows: QuerySet[Mediation], _name: str, value: str) -> QuerySet[Mediation]:
        """Keep those whose mediation, or an obligation under whose agreement, is overdue."""
        if value == "due":
            return rows.filter(due_at__lt=self.now)
        today = timezone.localdate(self.now)
        owed = Obligation.objects.filter(due_on__lt=today).exclude(result=Result.PERFORMED)
        return rows.filter(pk__in=owed.values("mediation_id"), state=MediationState.AGREED)
