"""Which days a page counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PERIODS = [
    ("today", _("今天")),
    ("7d", _("近7天")),
    ("30d", _("近30天")),
    ("month", _("本月")),
    ("last_month", _("上月")),
    ("quarter", _("本季度")),
    ("custom", _("自选")),
]
DEFAULT = "30d"
LONGEST = timedelta(days=732)


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included.

    `due_end` is the last day whose deadlines have all passed: today does not count among what
    fell due unless it is the only day asked for.
    """

    key: str
    start: date
    end: date
    due_end: date


def period_of(key: str, today: date, start: date | None = None, end: date | None = None) -> Period:
    """Return the period of a preset as of `today`; "custom" takes `start` and `end`."""
    first = today.replace(day=1)
    if key == "custom" and start and end:
        return _ending(key, start, end, today)
    if key == "last_month":
        last = first - timedelta(days=1)
        return _ending(key, last.replace(day=1), last, today)
    starts = {
        "today": today,
        "7d": today - timedelta(days=6),
        "30d": today - timedelta(days=29),
        "month": first,
        "quarter": date(today.year, (today.month - 1) // 3 * 3 + 1, 1),
    }
    return _ending(key, starts[key], today, today)


def _ending(key: str, start: date, end: date, today: date) -> Period:
    complete = min(end, today - timedelta(days=1))
    return Period(key, start, end, complete if complete >= start else end)


class PeriodForm(forms.Form):
    """The period picker; errors stand at their field and what was typed stays."""

    period = forms.ChoiceField(
        label=_("时间"),
        choices=PERIODS,
        required=False,
        error_messages={"invalid_choice": _("没有这个时间范围，请重新选择。")},
    )
    start = forms.DateField(
        label=_("开始日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("请按“年-月-日”填写日期，例如 2026-03-01。")},
    )
    end = forms.DateField(
        label=_("结束日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("请按“年-月-日”填写日期，例如 2026-03-31。")},
    )

    def clean(self) -> dict[str, Any]:
        """Check that a period of one's own has both ends in order and is not too long."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("period") != "custom":
            self.errors.pop("start", None)
            self.errors.pop("end", None)
            return data
        start, end = data.get("start"), data.get("end")
        for name, value in (("start", start), ("end", end)):
            if value is None and name not in self.errors:
                self.add_error(name, _("请填写日期。"))
        if start and end and end < start:
            self.add_error("end", _("结束日期不能早于开始日期。"))
        elif start and end and end - start > LONGEST:
            self.add_error("end", _("最多统计两年，请缩短时间范围。"))
        return data

    def chosen(self, today: date) -> Period:
        """Return the period asked for, or the default one where it cannot be read."""
        if not self.is_valid():
            return period_of(DEFAULT, today)
        data = self.cleaned_data
        return period_of(data.get("period") or DEFAULT, today, data.get("start"), data.get("end"))
