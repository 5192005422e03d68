"""What opening a sub-task and each of its steps ask for."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Unit, UnitKind

from ..forms import GRADES, SOLVED
from . import rules


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写这一项。")},
    )


class _UntilField(forms.DateField):
    """A day; its value is the end of service on that day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": _("请选择日期。"), "invalid": _("日期应写成2026-03-18。")},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day, time(17, 30)))


class NoteForm(forms.Form):
    """An optional remark."""

    note = _text(_("备注"), required=False)


class ReasonForm(forms.Form):
    """Why."""

    note = _text(_("理由"))


class ResultForm(forms.Form):
    """What was done."""

    note = _text(_("办理情况"))


class ArriveForm(forms.Form):
    """Where the called unit came to; the place comes from the phone where it may."""

    lon = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    note = _text(_("到场情况"), help_text=_("到场地点和人员。"))


class UntilForm(forms.Form):
    """Until when, and why."""

    until = _UntilField(label=_("复核日期"))
    note = _text(_("意见"), required=False)


class ReachedForm(forms.Form):
    """What the person called back said."""

    solved = forms.ChoiceField(
        label=_("问题解决了吗"),
        choices=SOLVED,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择问题是否解决。")},
    )
    rating = forms.TypedChoiceField(
        label=_("满意程度"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择满意程度。")},
    )
    note = _text(_("回访记录"), required=False)


class OpenForm(forms.Form):
    """Why the sub-task is opened; base of the forms below."""

    text = _text(_("事由"))

    def __init__(self, *args: Any, case: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case


class CoHandlingForm(OpenForm):
    """Which units help."""

    units = forms.ModelMultipleChoiceField(
        label=_("协办单位"),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可选多个；主办单位不变。"),
        error_messages={"required": _("请选择协办单位。")},
    )
    field_order: tuple[str, ...] = ("units", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.choices_of().exclude(pk=self.case.unit_id if self.case else None)
        self.fields["units"].queryset = rows  # type: ignore[attr-defined]

    def choices_of(self) -> Any:
        """Return the units that may be asked: departments, and those of the case's place."""
        codes = [self.case.area_code[:n] for n in (6, 9, 12, 15)] if self.case else []
        rows = Unit.objects.filter(active=True)
        return (rows.filter(area_code__in=codes) | rows.filter(kind=UnitKind.DEPARTMENT)).order_by(
            "kind", "code"
        )


class WhistleForm(CoHandlingForm):
    """Which departments are called, and where to."""

    field_order = ("units", "place", "text")
    place = forms.CharField(
        label=_("集合地点"),
        max_length=120,
        error_messages={"required": _("请写明到哪里报到。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].label = _("被呼叫部门")
        self.fields["units"].help_text = _("须在2个工作小时内签到。")

    def choices_of(self) -> Any:
        """Return the departments."""
        return Unit.objects.filter(active=True, kind=UnitKind.DEPARTMENT).order_by("code")


class ExtensionForm(OpenForm):
    """How many more working days."""

    days = forms.IntegerField(
        label=_("延长工作日数"),
        min_value=1,
        max_value=rules.MOST_EXTENSION_DAYS,
        help_text=_("只能延期一次，最多10个工作日。"),
        error_messages={
            "required": _("请填写天数。"),
            "invalid": _("请填写1到10的整数。"),
            "min_value": _("请填写1到10的整数。"),
            "max_value": _("最多延长10个工作日。"),
        },
    )
    field_order = ("days", "text")


class SuspensionForm(OpenForm):
    """Until when nothing can be done."""

    until = _UntilField(label=_("建议复核日期"), help_text=_("到期必须复核，不能一挂了之。"))
    field_order = ("until", "text")


class SupervisionForm(OpenForm):
    """By when the unit must answer."""

    until = _UntilField(label=_("答复期限"))
    field_order = ("until", "text")


class EscalationForm(OpenForm):
    """Why the level above must step in."""
