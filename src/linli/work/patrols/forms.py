"""What routes and rounds ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.base.areas.models import Area

from .links import category_choices
from .models import CheckResult, Rhythm, Round, RoundState

SLACK = timedelta(minutes=10)  # by so much a phone's clock may be fast
MOST_ITEMS = 20


class RouteForm(forms.Form):
    """A route's name, grid and rhythm."""

    name = forms.CharField(
        label=_("路线名称"), max_length=60, error_messages={"required": _("请写路线名称。")}
    )
    area = forms.ChoiceField(label=_("网格"), error_messages={"required": _("请选择网格。")})
    rhythm = forms.ChoiceField(label=_("多久一次"), choices=Rhythm.choices)
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, grids: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grids = {area.code: area for area in grids}
        choices = [("", _("请选择")), *((code, row.full_name) for code, row in self.grids.items())]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]

    def clean_area(self) -> Area:
        """Return the grid."""
        return self.grids[self.cleaned_data["area"]]


class PointForm(forms.Form):
    """One point of a route; a line without a name is left out."""

    order = forms.IntegerField(label=_("次序"), min_value=1, max_value=99, required=False)
    name = forms.CharField(label=_("地点"), max_length=60, required=False)
    items = forms.CharField(
        label=_("检查什么，一行一项"), required=False, max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("有问题时的类别"), required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def __init__(self, *args: Any, categories: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = category_choices() if categories is None else categories
        self.fields["category"].choices = [("", _("到时再选")), *known]  # type: ignore[attr-defined]

    def clean_items(self) -> list[str]:
        """Return the items, one from each line."""
        lines = [line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip()]
        if len(lines) > MOST_ITEMS or any(len(line) > 60 for line in lines):
            raise forms.ValidationError(_("最多20项，每项不超过60字。"))
        return lines

    def clean(self) -> dict[str, Any]:
        """Ask for what belongs to a named point, and for the name of what stands there."""
        data = super().clean() or {}
        if data.get("name") and not data.get("items") and "items" not in self.errors:
            self.add_error("items", _("请写明在这里检查什么。"))
        if data.get("items") and not data.get("name"):
            self.add_error("name", _("请写地点。"))
        return data


class HandInForm(forms.Form):
    """What was found at each item, and from when to when it was walked.

    The fields `r-P-I` (result), `n-P-I` (words) and `k-P-I` (key of the event reported) follow the
    round's plan: point P, item I, both from 0.
    """

    started_at = forms.DateTimeField(label=_("开始"), required=False, widget=forms.HiddenInput)
    ended_at = forms.DateTimeField(label=_("结束"), required=False, widget=forms.HiddenInput)
    wants_subject = True

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.round = actor, subject
        for point, item, text in self.rows():
            self.fields[f"r-{point}-{item}"] = forms.ChoiceField(
                label=text, choices=CheckResult.choices, widget=forms.RadioSelect,
                error_messages={"required": _("还没有检查这一项。")},
            )  # fmt: skip
            self.fields[f"n-{point}-{item}"] = forms.CharField(
                label=_("说明"), max_length=300, required=False
            )
            self.fields[f"k-{point}-{item}"] = forms.RegexField(
                r"^[\w-]{1,64}$", required=False, widget=forms.HiddenInput
            )

    def rows(self) -> Iterator[tuple[int, int, str]]:
        """Yield point, item and text of each item."""
        if self.round is None:
            return
        for point, place in enumerate(self.round.plan.points):
            for item, text in enumerate(place["items"]):
                yield point, item, text

    def clean(self) -> dict[str, Any]:
        """Ask why an item could not be checked; hold the times to the round's window."""
        data = super().clean() or {}
        for point, item, _text in self.rows():
            unseen = data.get(f"r-{point}-{item}") == CheckResult.SKIPPED
            if unseen and not data.get(f"n-{point}-{item}"):
                self.add_error(f"n-{point}-{item}", _("请写明为什么没法查。"))
        if self.round is not None:
            self._check_times(data)
        return data

    def _check_times(self, data: dict[str, Any]) -> None:
        now = timezone.now()
        ended = min(data.get("ended_at") or now, now)
        started = min(data.get("started_at") or ended, ended)
        told = data.get("ended_at")
        if told is not None and told > now + SLACK:
            self.add_error(None, _("手机的时间比实际快，请校准后再送。"))
        first, last = span_of(self.round)
        if not (first <= ended < last + SLACK) or started < first:
            words = _("这次巡查应在%(first)s至%(last)s之间完成。")
            days = {"first": f"{self.round.day}", "last": f"{self.round.until}"}
            self.add_error(None, words % days)
        data["started_at"], data["ended_at"] = started, ended


def span_of(found: Round) -> tuple[datetime, datetime]:
    """Return the moments between which a round is to be walked."""
    first = timezone.make_aware(datetime.combine(found.day, time.min))
    last = timezone.make_aware(datetime.combine(found.until + timedelta(days=1), time.min))
    return first, last


class ExcuseForm(forms.Form):
    """Why a round need not be walked."""

    reason = forms.CharField(
        label=_("免巡原因"), max_length=300, help_text=_("如台风停巡、道路封闭。"),
        error_messages={"required": _("请写明原因。")},
    )  # fmt: skip


class RoundFilterForm(forms.Form):
    """Filters of the list of rounds."""

    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("不限")), *RoundState.choices], required=False
    )
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    to = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    problems = forms.ChoiceField(
        label=pgettext_lazy("check", "有问题"),
        choices=[("", _("不限")), ("1", _("是"))],
        required=False,
    )
