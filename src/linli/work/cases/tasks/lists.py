"""The list of sub-tasks: its columns, orders and filters."""

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

from .models import SubTask, TaskKind, TaskState
from .queries import overdue_tasks

SPEC = Spec(
    key="tasks",
    columns=(
        Column("title", _("事项"), lambda task: task.case.title),
        Column("kind", _("类型"), lambda task: task.get_kind_display()),
        Column("number", _("编号"), lambda task: task.case.number),
        Column("place", _("地点"), lambda task: task.case.area.name),
        Column("unit", _("现由"), lambda task: task.unit.name),
        Column("from", _("发起"), lambda task: task.from_unit.name if task.from_unit else ""),
        Column(
            "state", _("状态"), lambda task: task.get_state_display(),
            html=lambda task: state_badge(task.state, task.get_state_display()),
        ),
        Column(
            "due", _("期限"), lambda task: task.due_at,
            html=lambda task: deadline(task.due_at, timezone.now()),
        ),
    ),
    orders=(
        Order("due", _("最近到期"), "due_at", nullable=True),
        Order("new", _("最新发起"), "id", descending=True),
    ),
    href=lambda task: reverse("cases:task", args=[task.pk]),
    shown=("q", "kind", "overdue"),
)  # fmt: skip


class TaskFilter(django_filters.FilterSet):
    """Filters by words, kind, state and clock."""

    q = django_filters.CharFilter(label=_("标题或单位"), method="by_words")
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=TaskKind.choices)
    overdue = django_filters.ChoiceFilter(
        label=_("已超期"), choices=[("1", _("是"))], method="by_overdue"
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=[row for row in TaskState.choices if row[0] != "ended"]
    )

    class Meta:
        model = SubTask
        fields: list[str] = []

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def by_words(self, rows: QuerySet[SubTask], _name: str, value: str) -> QuerySet[SubTask]:
        """Find by the case's title or the holder's name."""
        return rows.filter(Q(case__title__icontains=value) | Q(unit__name__icontains=value))

    def by_overdue(self, rows: QuerySet[SubTask], _name: str, _value: str) -> QuerySet[SubTask]:
        """Keep those whose clock has ended."""
        return overdue_tasks(rows, self.now)
