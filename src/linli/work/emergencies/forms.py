"""What each step of an emergency asks for; what the system knows is never asked again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account, Unit, UnitKind
from linli.base.areas.models import Area
from linli.base.areas.queries import find

from .models import DutyRole, EmergencyPlan, Kind, Level

LEVELS = [choice for choice in Level.choices if choice[0]]


def _text(
    label: Any, *, required: bool = True, rows: int = 2, help_text: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("请填写这一项。")},
    )


def area_from(typed: str) -> Area:
    """Return the one area meant by a name, code or initials; raises ValidationError."""
    found = find(typed, limit=6)
    exact = [area for area in found if typed in {area.code, area.name, area.short_name}]
    rows = exact if len(exact) == 1 else found
    if not rows:
        raise forms.ValidationError(_("没有找到这个区域。"))
    if len(rows) > 1:
        names = str(_("、")).join(f"{area.full_name} {area.code}" for area in rows[:5])
        raise forms.ValidationError(f"{_('找到多个区域，请填编码：')}{names}")
    return rows[0]


class MomentField(forms.DateTimeField):
    """A moment in the district's time, as the browser's own picker writes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={
                "required": _("请填写时间。"),
                "invalid": _("时间应写成2026-03-18 14:20。"),
            },
            **kwargs,
        )


class RaiseForm(forms.Form):
    """The alarm: what, where, since when. Everything else can wait."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    case_number = forms.RegexField(r"^\d{8,24}$", required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("种类"), choices=Kind.choices)
    level = forms.TypedChoiceField(
        label=_("初判等级"), choices=Level.choices, coerce=int, initial=Level.BLUE,
        help_text=_("拿不准就按低一级报，之后可以调整。"),
    )  # fmt: skip
    title = forms.CharField(
        label=_("一句话说明"), max_length=80,
        error_messages={"required": _("请用一句话写明发生了什么。")},
    )  # fmt: skip
    text = _text(_("现场情况"), rows=3)
    area_code = forms.CharField(
        label=_("所在社区或网格"), max_length=40, help_text=_("名称、编码或拼音首字母"),
        error_messages={"required": _("请选择所在社区或网格。")},
    )  # fmt: skip
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    happened_at = MomentField(label=_("发生时间"))
    source = forms.CharField(
        label=_("信息来源"), max_length=60, required=False,
        help_text=_("如：居民来电、巡查发现、119通报"),
    )  # fmt: skip

    def clean_area_code(self) -> Area:
        """Return the area; of several the person has to choose."""
        return area_from(self.cleaned_data["area_code"].strip())

    def clean_happened_at(self) -> Any:
        """Refuse a moment that has not come."""
        moment = self.cleaned_data["happened_at"]
        if moment > timezone.now():
            raise forms.ValidationError(_("发生时间不能晚于现在。"))
        return moment


class StartForm(forms.Form):
    """By which plan the response runs, and at which level."""

    wants_subject = True
    level = forms.TypedChoiceField(label=_("响应等级"), choices=LEVELS, coerce=int)
    plan = forms.ModelChoiceField(
        label=_("预案"), queryset=EmergencyPlan.objects.none(), required=False,
        empty_label=_("不用预案，自己列措施"),
        error_messages={"invalid_choice": _("没有这份预案。")},
    )  # fmt: skip
    note = _text(_("指令"), required=False)

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        if subject is None:
            return
        codes = [subject.area_code[:length] for length in (6, 9, 12, 15)]
        rows = EmergencyPlan.objects.filter(
            active=True, kind=subject.kind, area_code__in=codes
        ).order_by("-area_code", "name")
        field: Any = self.fields["plan"]
        field.queryset = rows
        # The list is read once; choosing from it need not read it again.
        field.choices = [("", field.empty_label), *((plan.pk, plan.name) for plan in rows)]
        fitting = [plan.pk for plan in rows]
        self.fields["level"].initial = subject.level or Level.BLUE
        self.fields["plan"].initial = fitting[0] if fitting else None


class RegradeForm(forms.Form):
    """Another level, and why."""

    level = forms.TypedChoiceField(label=_("调整为"), choices=LEVELS, coerce=int)
    note = _text(_("理由"))


class PhoneForm(forms.Form):
    """Whom one told on the phone, and what one said."""

    told = forms.CharField(
        label=_("报给谁"), max_length=80, help_text=_("单位和姓名"),
        error_messages={"required": _("请写明报给谁。")},
    )  # fmt: skip
    losses = _text(_("影响和伤亡损失"), help_text=_("没有也请写“暂无”。"))


class ReportForm(forms.Form):
    """What only a person can write; time, source, place, kind and level are taken over."""

    told = forms.CharField(
        label=_("报送单位"), max_length=80, error_messages={"required": _("请写明报给谁。")}
    )
    losses = _text(_("影响和伤亡损失"), help_text=_("没有也请写“暂无”。"))
    trend = _text(_("发展趋势"))
    leaders = _text(_("到场负责人"), required=False)
    measures = _text(_("已采取的措施"), required=False, help_text=_("不写则列出已完成的措施。"))
    needs = _text(_("需要的支援和建议"), required=False)


class MeasureForm(forms.Form):
    """One more thing to be done."""

    text = forms.CharField(
        label=_("措施"), max_length=200, error_messages={"required": _("请写明要做什么。")}
    )
    unit = forms.ModelChoiceField(
        label=_("责任单位"), queryset=Unit.objects.none(),
        error_messages={"required": _("请选择责任单位。"), "invalid_choice": _("没有这个单位。")},
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("限时（分钟）"), min_value=1, max_value=4320, initial=30,
        error_messages={"required": _("请填写分钟数。"), "invalid": _("请填写整数。")},
    )  # fmt: skip
    wants_subject = True

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        if subject is not None:
            self.fields["unit"].queryset = units_at(subject.area_code)  # type: ignore[attr-defined]


def units_at(area_code: str) -> Any:
    """Return the units that could act at a place: those of its areas, and all departments."""
    from django.db.models import Q

    codes = [area_code[:length] for length in (6, 9, 12, 15) if len(area_code) >= length]
    own = Q(area_code__in=codes)
    return Unit.objects.filter(own | Q(kind=UnitKind.DEPARTMENT), active=True).order_by(
        "area_code", "pk"
    )


class TickForm(forms.Form):
    """Which measure is done."""

    measure = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    note = forms.CharField(label=_("结果"), max_length=200, required=False)


class ReasonForm(forms.Form):
    """Why."""

    note = _text(_("理由"))


class ReviewForm(forms.Form):
    """The lessons."""

    cause = _text(_("原因"))
    good = _text(_("做得好的"), required=False)
    bad = _text(_("不足"))
    mend = _text(_("整改措施和时限"))


class DutyForm(forms.Form):
    """One shift."""

    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), empty_label=_("请选择"),
        error_messages={"required": _("请选择单位。"), "invalid_choice": _("没有这个单位。")},
    )  # fmt: skip
    account = forms.CharField(
        label=_("人员工号"), max_length=32, error_messages={"required": _("请填写工号。")}
    )
    role = forms.ChoiceField(label=_("值班身份"), choices=DutyRole.choices, initial="on_duty")
    starts_at = MomentField(label=_("开始"))
    ends_at = MomentField(label=_("结束"))

    def __init__(self, *args: Any, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is not None:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_account(self) -> Account:
        """Return the member of staff with this work number."""
        typed = self.cleaned_data["account"].strip()
        found = Account.objects.filter(username=typed, kind="staff", is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("没有这个工号的在职人员。"))
        return found

    def clean(self) -> dict[str, Any]:
        """Check that the shift ends after it starts, and within two days."""
        data = super().clean() or {}
        start, end, who = data.get("starts_at"), data.get("ends_at"), data.get("account")
        if start and end and end <= start:
            self.add_error("ends_at", _("结束应晚于开始。"))
        elif start and end and (end - start).total_seconds() > 48 * 3600:
            self.add_error("ends_at", _("一班不超过48小时。"))
        unit = data.get("unit")
        if who and unit and who.unit_id != unit.pk:
            self.add_error("account", _("此人不在所选单位。"))
        return data


class PlanForm(forms.Form):
    """A plan's head."""

    name = forms.CharField(
        label=_("预案名称"), max_length=60, error_messages={"required": _("请填写名称。")}
    )
    kind = forms.ChoiceField(label=_("种类"), choices=Kind.choices)
    area_code = forms.CharField(label=_("适用区域"), max_length=40)
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def clean_area_code(self) -> Area:
        """Return the area."""
        return area_from(self.cleaned_data["area_code"].strip())


class PlanMeasureForm(forms.Form):
    """One line of a plan; a blank text leaves the line out."""

    text = forms.CharField(label=_("措施"), max_length=200, required=False)
    who = forms.ChoiceField(label=_("谁来做"), choices=[], required=False)
    minutes = forms.IntegerField(
        label=_("限时（分钟）"), min_value=1, max_value=4320, required=False, initial=30,
        error_messages={"invalid": _("请填写整数。")},
    )  # fmt: skip

    def __init__(self, *args: Any, who: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = who  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A measure needs someone who does it and a time."""
        data = super().clean() or {}
        if data.get("text"):
            if not data.get("who"):
                self.add_error("who", _("请选择谁来做。"))
            if not data.get("minutes") and "minutes" not in self.errors:
                self.add_error("minutes", _("请填写分钟数。"))
        return data
