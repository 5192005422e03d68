"""What administrators fill in: staff, posts, passwords, grants, units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..areas.fields import AreaField, the_one
from .models import Unit, UnitKind
from .policies import ROLES

NEEDED = {"required": _("请填写这一项。")}


class UnitField(forms.CharField):
    """A unit by code or part of its name."""

    def clean(self, value: Any) -> Unit:
        """Return the active unit."""
        typed = super().clean(value)
        rows = Unit.objects.filter(active=True).select_related("area")
        exact = list(rows.filter(code=typed))
        found = exact or list(rows.filter(name__contains=typed).order_by("area_code")[:6])
        unit: Unit = the_one(found, typed, _t("没有找到这个单位。"), _t("找到多个单位，请填编码："))
        return unit


def _lines() -> list[tuple[str, str]]:
    rows = Unit.objects.filter(kind=UnitKind.DEPARTMENT, active=True).exclude(line="")
    return list(rows.order_by("code").values_list("line", "name"))


class FilterForm(forms.Form):
    """How the list of accounts is narrowed."""

    q = forms.CharField(label=_("姓名或登录名"), required=False, max_length=40)
    role = forms.ChoiceField(
        label=_("角色"), required=False, choices=[("", _("全部角色")), *ROLES.items()]
    )
    area = AreaField(label=_("区域（名称、编码或拼音首字母）"), required=False, max_length=40)


class UnitFilterForm(forms.Form):
    """How the list of units is narrowed."""

    kind = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部类型")), *UnitKind.choices]
    )
    q = forms.CharField(label=_("名称"), required=False, max_length=40)


class GrantForm(forms.Form):
    """A role over an area."""

    role = forms.ChoiceField(label=_("角色"), choices=list(ROLES.items()))
    area = AreaField(
        label=_("区域（名称、编码或拼音首字母）"), max_length=40, error_messages=NEEDED
    )
    lines = forms.MultipleChoiceField(
        label=_("业务条线（不选即全部）"), required=False, choices=_lines
    )
    valid_to = forms.DateField(
        label=_("截止日期（可不填）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("日期应写成2026-12-31。")},
    )


class StaffForm(forms.Form):
    """A new member of staff."""

    username = forms.RegexField(
        label=_("登录名（工号）"),
        regex=r"^[A-Za-z0-9._-]{2,32}$",
        error_messages=NEEDED | {"invalid": _("2至32位字母、数字、点、横线或下划线。")},
    )
    name = forms.CharField(label=_("姓名"), max_length=40, error_messages=NEEDED)
    unit = UnitField(label=_("单位（名称或编码）"), max_length=80, error_messages=NEEDED)
    title = forms.CharField(label=_("岗位"), max_length=40, required=False)
    password = forms.CharField(
        label=_("初始密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=NEEDED,
    )


class MoveForm(forms.Form):
    """Another unit for someone."""

    unit = UnitField(label=_("调往单位（名称或编码）"), max_length=80, error_messages=NEEDED)
    title = forms.CharField(label=_("新岗位（可不填）"), max_length=40, required=False)


class PasswordForm(forms.Form):
    """A new password."""

    password = forms.CharField(
        label=_("新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=NEEDED,
    )


class DayOffForm(forms.Form):
    """Days that are worked, or not, other than the calendar says."""

    first = forms.DateField(
        label=_("自"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages=NEEDED | {"invalid": _("日期应写成2026-12-31。")},
    )  # fmt: skip
    last = forms.DateField(
        label=_("至（含）"), widget=forms.DateInput(attrs={"type": "date"}), required=False,
        help_text=_("只有一天的可以不填。"),
        error_messages={"invalid": _("日期应写成2026-12-31。")},
    )  # fmt: skip
    worked = forms.ChoiceField(label=_("这些天"), choices=[("no", _("放假")), ("yes", _("上班"))])
    area = AreaField(
        label=_("区域（名称、编码或拼音首字母）"), max_length=40, error_messages=NEEDED
    )
    note = forms.CharField(label=_("说明"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        """The days run forwards, and are a month at most."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last") or data.get("first")
        if first and last and not 0 <= (last - first).days <= 30:
            self.add_error("last", _("结束日期应不早于开始，且不超过31天。"))
        data["last"] = last
        return data


class HoursForm(forms.Form):
    """Service hours from a day on; the afternoon may be left out."""

    valid_from = forms.DateField(
        label=_("自"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages=NEEDED | {"invalid": _("日期应写成2026-12-31。")},
    )  # fmt: skip
    morning = forms.CharField(label=_("上午"), max_length=11, initial="08:30-12:00")
    afternoon = forms.CharField(
        label=_("下午"), max_length=11, initial="13:30-17:30", required=False
    )
    hours_area = AreaField(
        label=_("区域（名称、编码或拼音首字母）"), max_length=40, error_messages=NEEDED
    )

    def periods(self) -> list[tuple[str, str]]:
        """Return the periods as the calendar keeps them; a bad one raises ValidationError there."""
        typed = [self.cleaned_data["morning"], self.cleaned_data["afternoon"]]
        pairs = [text.replace("—", "-").replace("–", "-").partition("-") for text in typed if text]
        return [(first.strip(), last.strip()) for first, _dash, last in pairs]


class OwnPasswordForm(forms.Form):
    """Another password of one's own."""

    old = forms.CharField(
        label=_("现在的密码"), strip=False, error_messages=NEEDED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("新密码"), strip=False, error_messages=NEEDED,
        help_text=_("至少8位并含大写、小写、数字、符号中的三种，或至少16位的短语。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再输一遍新密码"), strip=False, error_messages=NEEDED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The two new passwords are the same."""
        data = super().clean() or {}
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return data


class OwnPhoneForm(forms.Form):
    """The number at which one is called."""

    phone = forms.CharField(
        label=_("手机号"), max_length=24, required=False,
        help_text=_("突发事件和催办短信发到这个号码；不填则只有站内消息。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip


class UnitForm(forms.Form):
    """A new unit."""

    kind = forms.ChoiceField(label=_("类型"), choices=UnitKind.choices)
    code = forms.SlugField(
        label=_("编码"),
        max_length=32,
        error_messages=NEEDED | {"invalid": _("编码只含字母、数字、横线或下划线。")},
    )
    name = forms.CharField(label=_("名称"), max_length=80, error_messages=NEEDED)
    area = AreaField(
        label=_("区域（名称、编码或拼音首字母）"), max_length=40, error_messages=NEEDED
    )
    line = forms.CharField(label=_("业务条线（部门填写）"), max_length=24, required=False)
