"""The filters of a list of cases; each number of a cockpit opens its rows through them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.base.areas.queries import find
from linli.kernel.search import search_query

from .models import OPEN_STATES, Case, Channel, Nature, State, Urgency
from .queries import in_areas, near_due, overdue
from .setup import current

YES_NO = [("1", _("是")), ("0", _("否"))]


def day_start(day: date) -> datetime:
    """Return the first moment of a day in the district's time zone."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def top_choices() -> list[tuple[str, str]]:
    """Return the top categories as choices."""
    rows = current().categories.values()
    return [(row.code, row.name) for row in rows if row.parent_id is None]


class CaseFilter(django_filters.FilterSet):
    """Filters by words, place, state, time, clock, outcome; all of them may be combined."""

    q = django_filters.CharFilter(label=_("关键词或编号"), method="by_words")
    area = django_filters.CharFilter(label=_("区域"), method="by_area")
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=State.choices)
    top = django_filters.ChoiceFilter(label=_("大类"), choices=top_choices, method="by_top")
    category = django_filters.CharFilter(label=_("小类编码"), field_name="category__code")
    nature = django_filters.ChoiceFilter(label=_("性质"), choices=Nature.choices)
    channel = django_filters.ChoiceFilter(label=_("渠道"), choices=Channel.choices)
    urgency = django_filters.ChoiceFilter(label=_("紧急程度"), choices=Urgency.choices)
    open = django_filters.ChoiceFilter(
        label=_("办结情况"), choices=[("1", _("未办结")), ("0", _("已办结"))], method="by_open"
    )
    overdue = django_filters.ChoiceFilter(
        label=_("已超期"), choices=YES_NO[:1], method="by_overdue"
    )
    near = django_filters.ChoiceFilter(label=_("临期"), choices=YES_NO[:1], method="by_near")
    closed = django_filters.ChoiceFilter(label=_("已办结"), choices=YES_NO, method="by_closed")
    on_time = django_filters.ChoiceFilter(label=_("按期"), choices=YES_NO, method="by_on_time")
    rating = django_filters.MultipleChoiceFilter(
        label=_("评分"), choices=[(str(n), str(n)) for n in range(1, 6)]
    )
    solved = django_filters.ChoiceFilter(label=_("已解决"), choices=YES_NO, method="by_solved")
    registered_from = django_filters.DateFilter(label=_("登记自"), method="since")
    registered_to = django_filters.DateFilter(label=_("登记至"), method="until")
    due_from = django_filters.DateFilter(label=_("到期自"), method="since")
    due_to = django_filters.DateFilter(label=_("到期至"), method="until")
    closed_from = django_filters.DateFilter(label=_("办结自"), method="since")
    closed_to = django_filters.DateFilter(label=_("办结至"), method="until")
    rated_from = django_filters.DateFilter(label=_("评价自"), method="since")
    rated_to = django_filters.DateFilter(label=_("评价至"), method="until")

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, now: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now or timezone.now()

    def by_words(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Find by number where it is one, else by words."""
        digits = "".join(value.split())
        if digits.isascii() and digits.isdigit() and len(digits) > 10:
            return rows.filter(pk=int(digits[6:]) if len(digits) < 24 else 0)
        return rows.filter(search=search_query(value))

    def by_area(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Keep areas of this code or name and all below; an unknown one finds nothing."""
        if Area.objects.filter(code=value).exists():
            return rows.filter(in_areas((value,)))
        codes = tuple(area.code for area in find(value))
        return rows.filter(in_areas(codes)) if codes else rows.none()

    def by_top(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Keep the categories below a top category."""
        ids = [row.pk for row in current().categories.values() if row.code.startswith(value)]
        return rows.filter(category_id__in=ids)

    def by_open(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Keep open or ended cases."""
        condition = Q(state__in=OPEN_STATES)
        return rows.filter(condition if value == "1" else ~condition)

    def by_overdue(self, rows: QuerySet[Case], _name: str, _value: str) -> QuerySet[Case]:
        """Keep open cases past their running deadline."""
        return overdue(rows, self.now)

    def by_near(self, rows: QuerySet[Case], _name: str, _value: str) -> QuerySet[Case]:
        """Keep open cases near their running deadline."""
        return near_due(rows, self.now)

    def by_closed(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Keep closed or not closed cases."""
        return rows.filter(closed_at__isnull=value == "0")

    def by_on_time(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Keep cases closed within their limit, or those late or still open."""
        if value == "1":
            return rows.filter(closed_at__lte=F("due_at"))
        return rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=F("due_at")))

    def by_solved(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Keep cases by the reporter's own answer."""
        return rows.filter(solved=value == "1")

    COLUMNS = {
        "registered": "created_at",
        "due": "due_at",
        "closed": "closed_at",
        "rated": "rated_at",
    }

    def since(self, rows: QuerySet[Case], name: str, value: date) -> QuerySet[Case]:
        """Keep rows from the first moment of a day."""
        column = self.COLUMNS[name.removesuffix("_from")]
        return rows.filter(**{f"{column}__gte": day_start(value)})

    def until(self, rows: QuerySet[Case], name: str, value: date) -> QuerySet[Case]:
        """Keep rows up to the last moment of a day."""
        column = self.COLUMNS[name.removesuffix("_to")]
        return rows.filter(**{f"{column}__lt": day_start(value + timedelta(days=1))})
