"""What is typed into the registers."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.phones import normalise_phone

from ..areas.fields import AreaField
from .bodies.models import OrganisationKind
from .identity import normalise_id_number, normalise_org_code
from .models import (
    BuildingKind,
    CareKind,
    DwellingUse,
    Gender,
    Household,
    HouseholdKind,
    Relation,
    RequestState,
    ResidentKind,
    ResidentState,
    TenureKind,
)

NEEDED = {"required": _("请填写这一项。")}
DAY = {"type": "date"}
OLDEST = 130  # years


def landline_or_mobile(raw: str) -> str:
    """Return a phone of an organisation in half-width digits; raises ValidationError.

    A mobile number becomes its 11 digits; a fixed one keeps its dashes and loses +86.
    """
    text = "".join(unicodedata.normalize("NFKC", raw).split())
    text = re.sub(r"[‐-―－()]", "-", text).strip("-").replace("--", "-")
    text = re.sub(r"^(\+86|0086)-?", "", text)
    digits = text.replace("-", "")
    if digits.isascii() and len(digits) == 11 and digits.startswith("1"):
        return normalise_phone(digits)
    if not (digits.isascii() and digits.isdigit()) or not 5 <= len(digits) <= 15:
        raise ValidationError(_t("电话请填手机号，或带区号的固定电话，例如0536-8000000。"))
    return text


def past_day(value: Any) -> Any:
    """Return the day; raises ValidationError for one to come."""
    if value is not None and value > timezone.localdate():
        raise ValidationError(_t("日期不能晚于今天。"))
    return value


class ResidentForm(forms.Form):
    """Someone's record; birth date and sex come from the identity number where there is one."""

    name = forms.CharField(label=_("姓名"), max_length=40, error_messages=NEEDED)
    id_number = forms.CharField(
        label=_("身份证号"), max_length=40, required=False,
        help_text=_("填了身份证号，出生日期和性别就不用再填。"),
    )  # fmt: skip
    born_on = forms.DateField(
        label=_("出生日期"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    gender = forms.ChoiceField(
        label=_("性别"), required=False, choices=[("", _("未填")), *Gender.choices]
    )
    phone = forms.CharField(label=_("手机号"), max_length=30, required=False)
    kind = forms.ChoiceField(label=_("人口类型"), choices=ResidentKind.choices)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_name(self) -> str:
        """Return the name without blanks at its ends or between characters."""
        name = " ".join(self.cleaned_data["name"].split())
        if any(char.isdigit() for char in name):
            raise ValidationError(_t("姓名里不应有数字。"))
        return name

    def clean_id_number(self) -> str:
        """Return the number with its check digit proved."""
        raw = self.cleaned_data["id_number"]
        return normalise_id_number(raw, today=timezone.localdate()) if raw.strip() else ""

    def clean_phone(self) -> str:
        """Return the eleven digits."""
        raw = self.cleaned_data["phone"]
        return normalise_phone(raw) if raw.strip() else ""

    def clean_born_on(self) -> Any:
        """Return a day someone alive may be born on."""
        day = past_day(self.cleaned_data["born_on"])
        if day is not None and day.year < timezone.localdate().year - OLDEST:
            raise ValidationError(_t("出生日期太早，请检查年份。"))
        return day


class NewResidentForm(ResidentForm):
    """A new record needs a place and who said so."""

    area = AreaField(
        label=_("所在网格"), error_messages=NEEDED,
        help_text=_("填网格或社区的编码、名称或拼音首字母。"),
    )  # fmt: skip
    source = forms.CharField(
        label=_("来源"), max_length=40, initial=_("入户登记"), error_messages=NEEDED
    )

    field_order = ("name", "id_number", "born_on", "gender", "phone", "kind", "area", "source")


class ResidentFilterForm(forms.Form):
    """Narrow the list of residents."""

    q = forms.CharField(
        label=_("查找"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("姓名、首字母、电话、证号、地址")}),
    )  # fmt: skip
    area = AreaField(label=_("区域"), required=False)
    tag = forms.ChoiceField(
        label=_("标签"), required=False, choices=[("", _("全部")), *CareKind.choices]
    )
    kind = forms.ChoiceField(
        label=_("人口类型"), required=False, choices=[("", _("全部")), *ResidentKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("在册")), *ResidentState.choices]
    )
    oldest = forms.IntegerField(label=_("年龄不小于"), required=False, min_value=0, max_value=130)
    youngest = forms.IntegerField(label=_("年龄不大于"), required=False, min_value=0, max_value=130)


class MoveInForm(forms.Form):
    """Where someone lives from a day on."""

    dwelling = forms.IntegerField(widget=forms.HiddenInput, error_messages=NEEDED)
    household = forms.ChoiceField(label=_("住进哪一户"), required=False)
    relation = forms.ChoiceField(label=_("与户主的关系"), choices=Relation.choices)
    kind = forms.ChoiceField(label=_("新立户的类型"), choices=HouseholdKind.choices, required=False)
    on = forms.DateField(
        label=_("入住日期"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages=NEEDED,
    )  # fmt: skip

    def __init__(self, *args: Any, households: list[Household], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["household"]
        field.choices = [("", _t("新立一户"))] + [(str(row.pk), _words(row)) for row in households]

    def clean_on(self) -> Any:
        """Return a day that is not to come."""
        return past_day(self.cleaned_data["on"])


def _words(household: Household) -> str:
    names = [member.resident.name for member in household.members.all() if member.to_on is None]
    return _t("%(names)s这一户") % {"names": _t("、").join(names)}


class LeaveForm(forms.Form):
    """Since when someone is no longer here."""

    on = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), error_messages=NEEDED
    )
    how = forms.ChoiceField(
        label=_("情形"),
        choices=[
            ("moved", _("已迁出本区域")), ("away", _("户口还在，人不住这里")), ("dead", _("已去世"))
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择情形。")},
    )  # fmt: skip
    source = forms.CharField(
        label=_("依据"), max_length=40, error_messages=NEEDED,
        help_text=_("例如：家属告知、殡葬证明、入户走访。"),
    )  # fmt: skip

    def clean_on(self) -> Any:
        """Return a day that is not to come."""
        return past_day(self.cleaned_data["on"])


class TagForm(forms.Form):
    """A care tag with its source and how long it holds."""

    kind = forms.ChoiceField(label=_("标签"), choices=CareKind.choices)
    rests_on = forms.ChoiceField(
        label=_("凭什么登记"), required=False,
        choices=[("register", _("名册或证件")), ("consent", _("本人同意"))],
        help_text=_("凭本人同意登记的，本人撤回同意时标签自动结束。"),
    )  # fmt: skip
    source = forms.CharField(
        label=_("依据"), max_length=40, error_messages=NEEDED,
        help_text=_("谁认定的、哪一年的名册。"),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("有效期至"), required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("不填为长期有效。到期后标签自动失效。"),
    )  # fmt: skip


class BuildingForm(forms.Form):
    """A building."""

    name = forms.CharField(
        label=_("名称"), max_length=80, error_messages=NEEDED, help_text=_("例如：福苑小区3号楼")
    )
    address = forms.CharField(label=_("地址"), max_length=160, error_messages=NEEDED)
    kind = forms.ChoiceField(label=_("用途"), choices=BuildingKind.choices)
    floors = forms.IntegerField(label=_("层数"), required=False, min_value=1, max_value=150)
    units = forms.IntegerField(label=_("单元数"), required=False, min_value=1, max_value=60)
    built = forms.IntegerField(label=_("建成年份"), required=False, min_value=1850, max_value=2100)
    lifts = forms.IntegerField(label=_("电梯数"), required=False, min_value=0, max_value=60)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NewBuildingForm(BuildingForm):
    """A new building needs its grid."""

    area = AreaField(
        label=_("所在网格"), error_messages=NEEDED,
        help_text=_("填网格的编码、名称或拼音首字母。"),
    )  # fmt: skip


class BuildingFilterForm(forms.Form):
    """Narrow the list of buildings."""

    q = forms.CharField(label=_("名称或地址"), required=False, max_length=60)
    area = AreaField(label=_("区域"), required=False)
    kind = forms.ChoiceField(
        label=_("用途"), required=False, choices=[("", _("全部")), *BuildingKind.choices]
    )


class DwellingForm(forms.Form):
    """A dwelling of a building."""

    unit = forms.CharField(label=_("单元"), max_length=8, required=False)
    room = forms.CharField(label=_("房号"), max_length=12, error_messages=NEEDED)
    use = forms.ChoiceField(label=_("使用情况"), choices=DwellingUse.choices)
    surface = forms.DecimalField(
        label=_("面积（平方米）"), required=False, min_value=1, max_value=99999, decimal_places=2
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TenureForm(forms.Form):
    """Who owns or rents a dwelling: a resident or an organisation, found by number."""

    kind = forms.ChoiceField(label=_("权利"), choices=TenureKind.choices)
    holder = forms.CharField(
        label=_("身份证号，或统一社会信用代码"), max_length=40, error_messages=NEEDED,
        help_text=_("须先在登记册中登记。"),
    )  # fmt: skip
    on = forms.DateField(
        label=_("开始日期"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages=NEEDED,
    )  # fmt: skip


class OrganisationForm(forms.Form):
    """An organisation."""

    name = forms.CharField(label=_("名称"), max_length=100, error_messages=NEEDED)
    code = forms.CharField(label=_("统一社会信用代码"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=OrganisationKind.choices)
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_code(self) -> str:
        """Return the code with its check digit proved."""
        raw = self.cleaned_data["code"]
        return normalise_org_code(raw) if raw.strip() else ""

    def clean_phone(self) -> str:
        """Return the number."""
        raw = self.cleaned_data["phone"]
        return landline_or_mobile(raw) if raw.strip() else ""


class NewOrganisationForm(OrganisationForm):
    """A new organisation needs its grid."""

    area = AreaField(
        label=_("所在网格"), error_messages=NEEDED,
        help_text=_("填网格的编码、名称或拼音首字母。"),
    )  # fmt: skip


class OrganisationFilterForm(forms.Form):
    """Narrow the list of organisations."""

    q = forms.CharField(label=_("名称、首字母或代码"), required=False, max_length=60)
    area = AreaField(label=_("区域"), required=False)
    kind = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部")), *OrganisationKind.choices]
    )


class ChangeRequestForm(forms.Form):
    """What a resident asks to have corrected in their own record."""

    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    phone = forms.CharField(label=_("手机号"), max_length=30, required=False)
    born_on = forms.DateField(
        label=_("出生日期"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    gender = forms.ChoiceField(
        label=_("性别"), required=False, choices=[("", _("未填")), *Gender.choices]
    )
    reason = forms.CharField(
        label=_("为什么要更正"), max_length=300, error_messages=NEEDED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean_phone(self) -> str:
        """Return the eleven digits."""
        raw = self.cleaned_data["phone"]
        return normalise_phone(raw) if raw.strip() else ""

    def clean_born_on(self) -> Any:
        """Return a day that is not to come."""
        return past_day(self.cleaned_data["born_on"])


class ClaimForm(forms.Form):
    """What proves that a record is one's own, besides the phone."""

    last_six = forms.CharField(
        label=_("身份证号后六位"), min_length=6, max_length=6,
        error_messages={
            **NEEDED, "min_length": _("请填六位。"), "max_length": _("请只填最后六位。")
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class RequestFilterForm(forms.Form):
    """Narrow the list of requests."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *RequestState.choices]
    )


class LookFilterForm(forms.Form):
    """Narrow the record of looks."""

    who = forms.CharField(label=_("查看人"), required=False, max_length=40)
    revealed = forms.ChoiceField(
        label=_("范围"), required=False,
        choices=[("", _("全部")), ("1", _("看了完整号码的"))],
    )  # fmt: skip
