"""What the cockpit shows, gathered in a fixed number of queries whatever the number of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.areas.models import Area
from linli.base.indicators.models import STOCK
from linli.base.indicators.queries import (
    Rate,
    Span,
    as_of,
    daily,
    measures_of,
    rate_from,
    sums_over,
)
from linli.base.indicators.registry import Indicator, histogram, indicator
from linli.kernel.scope import Actor
from linli.work.cases.models import OPEN_STATES, Case, Category
from linli.work.cases.queries import NEAR, in_areas, overdue, visible_cases, with_names

from . import links
from .periods import Period
from .scope import View

RATES = (
    "case.on_time",
    "case.acceptance",
    "case.response",
    "case.satisfaction",
    "case.resolution",
    "case.rework",
    "case.returns",
)
TASK_RATES = (
    "whistle.signed",
    "co_handling.kept",
    "supervision.kept",
    "extension.granted",
    "suspension.granted",
    "mend.contacted",
)
COUNTS = ("case.registered", "case.closed")
HANDLING = "case.minutes"
OPEN, CLOCK = "case.open", "case.clock"  # open now; open by the day their clock ends
TREND = ("case.registered", "case.closed")
LIST_LENGTH = 20


@dataclass(frozen=True)
class RateCell:
    """A rate with its denominator, its links and whether it meets its target."""

    indicator: Indicator
    rate: Rate
    numerator_href: str
    denominator_href: str

    @property
    def missed(self) -> bool:
        """Tell whether the target is missed; nothing is missed over a zero denominator."""
        percent, target = self.rate.percent, self.indicator.target
        if percent is None or target is None:
            return False
        return percent < target if self.indicator.better == "up" else percent > target


@dataclass(frozen=True)
class Row:
    """The numbers of one area."""

    area: Area
    registered: int
    closed: int
    open: int
    near: int
    overdue: int
    rates: dict[str, RateCell]
    median: int | None
    p90: int | None
    hrefs: dict[str, str]

    @property
    def counted(self) -> bool:
        """Tell whether there is a number to show; an area that ended has none in most periods."""
        return bool(
            self.registered
            or self.closed
            or self.open
            or self.overdue
            or any(cell.rate.denominator for cell in self.rates.values())
        )

    @property
    def missed(self) -> list[RateCell]:
        """Return the rates whose target is missed."""
        return [cell for cell in self.rates.values() if cell.missed]

    @property
    def typical(self) -> str:
        """Return the median handling time, for people."""
        return working_time(self.median)

    @property
    def slowest(self) -> str:
        """Return the handling time that nine in ten cases keep, for people."""
        return working_time(self.p90)


@dataclass(frozen=True)
class CategoryRow:
    """How many cases of one top category were registered."""

    name: str
    count: int
    share: int
    href: str


@dataclass(frozen=True)
class Panel:
    """Everything one page shows."""

    total: Row
    parts: list[Row]
    tasks: list[RateCell]
    elsewhere: int
    categories: list[CategoryRow]
    trend: list[tuple[date, int, int]]
    late: list[Case]
    as_of: datetime | None


def working_time(minutes: int | None) -> str:
    """Return working minutes in the unit that fits; a dash where nothing was measured."""
    if minutes is None:
        return "—"
    if minutes < 60:
        return _("%(n)d分钟") % {"n": minutes}
    return _("%(n).1f小时") % {"n": minutes / 60}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def today_counts(view: View, now: datetime) -> dict[str, tuple[int, int]]:
    """Return area -> (overdue since midnight, near), by the partial index over open cases."""
    column = "subdistrict_code" if len(view.area.code) == 6 else "community_code"
    rows = (
        Case.objects.filter(
            in_areas((view.area.code,)),
            state__in=OPEN_STATES,
            deadline_at__gte=_midnight(timezone.localdate(now)),
            deadline_at__lt=now + NEAR,
        )
        .order_by()
        .values_list(column)
        .annotate(
            late=Count("id", Q(deadline_at__lt=now)), near=Count("id", Q(deadline_at__gte=now))
        )
    )
    found = {code: (late, near) for code, late, near in rows}
    late, near = (sum(pair[side] for pair in found.values()) for side in (0, 1))
    return found | {view.area.code: (late, near)}


def _spans(period: Period, top: list[str], today: date) -> list[Span]:
    names = measures_of((*RATES, *TASK_RATES))
    by_due = names & links.DUE_DAY
    yesterday = today - timedelta(days=1)
    return [
        Span(
            [*COUNTS, *histogram(HANDLING).measures, *top, *(names - by_due)],
            period.start,
            period.end,
        ),
        Span(list(by_due), period.start, period.due_end),
        Span([OPEN], STOCK, STOCK),
        Span([CLOCK], STOCK + timedelta(days=1), yesterday),
    ]


def _cell(name: str, measured: dict[str, int], code: str, period: Period) -> RateCell:
    known = indicator(name)
    return RateCell(known, rate_from(known, measured), *links.parts(known, code, period))


def _row(area: Area, measured: dict[str, int], today: tuple[int, int], period: Period) -> Row:
    code = area.code
    late, near = today
    cells = {name.removeprefix("case."): _cell(name, measured, code, period) for name in RATES}
    return Row(
        area=area,
        registered=measured.get("case.registered", 0),
        closed=measured.get("case.closed", 0),
        open=measured.get(OPEN, 0),
        near=near,
        overdue=measured.get(CLOCK, 0) + late,
        rates=cells,
        median=histogram(HANDLING).quantile(0.5, measured),
        p90=histogram(HANDLING).quantile(0.9, measured),
        hrefs={
            "registered": links.registered(code, period),
            "closed": links.closed(code, period),
            "open": links.cases(code, open="1"),
            "near": links.cases(code, near="1"),
            "overdue": links.cases(code, overdue="1"),
        },
    )


def rows_of(
    view: View, period: Period, now: datetime, top: list[str]
) -> tuple[Row, list[Row], dict[str, int]]:
    """Return the area's own row, those of its parts, and its sums by measure (two queries)."""
    found = sums_over(_spans(period, top, timezone.localdate(now)), view.codes)
    counts = today_counts(view, now)
    made = {
        area.code: _row(area, found.get(area.code, {}), counts.get(area.code, (0, 0)), period)
        for area in (view.area, *view.parts)
    }
    total = made.pop(view.area.code)
    parts = [row for row in made.values() if row.area.valid_to is None or row.counted]
    return total, parts, found.get(view.area.code, {})


def panel_of(actor: Actor, view: View, period: Period, now: datetime) -> Panel:
    """Gather a page: seven queries."""
    tops = list(Category.objects.filter(parent=None).values_list("code", "name"))
    names = {f"case.registered.top.{code}": name for code, name in tops}
    total, parts, measured = rows_of(view, period, now, list(names))
    days = daily(TREND, view.area.code, period.start, period.end)
    length = (period.end - period.start).days + 1
    trend = [
        (day, days.get(day, {}).get(TREND[0], 0), days.get(day, {}).get(TREND[1], 0))
        for day in (period.start + timedelta(days=number) for number in range(length))
    ]
    late = overdue(visible_cases(actor).filter(in_areas((view.area.code,))), now)
    return Panel(
        total=total,
        parts=parts,
        tasks=[_cell(name, measured, view.area.code, period) for name in TASK_RATES],
        elsewhere=total.registered - sum(row.registered for row in parts) if parts else 0,
        categories=_categories(names, measured, view, period),
        trend=trend,
        late=list(with_names(late).order_by("deadline_at", "id")[:LIST_LENGTH]),
        as_of=as_of(["case"]),
    )


def _categories(
    names: dict[str, str], measured: dict[str, int], view: View, period: Period
) -> list[CategoryRow]:
    counts = {key: measured.get(key, 0) for key in names}
    most = max(counts.values(), default=0)
    ordered = sorted((key for key, n in counts.items() if n), key=lambda key: (-counts[key], key))
    return [
        CategoryRow(
            name=names[key],
            count=counts[key],
            share=round(100 * counts[key] / most),
            href=links.measured([key], view.area.code, period),
        )
        for key in ordered
    ]
