"""The form with which staff register a case for someone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Unit
from linli.base.areas.models import Area
from linli.base.areas.queries import find

from .models import Category, Channel, Nature

STAFF_CHANNELS = [
    (Channel.HOTLINE, Channel.HOTLINE.label),
    (Channel.WINDOW, Channel.WINDOW.label),
    (Channel.PATROL, Channel.PATROL.label),
    (Channel.ABOVE, Channel.ABOVE.label),
    (Channel.SYSTEM, Channel.SYSTEM.label),
]


class StaffIntakeForm(forms.Form):
    """What staff write down for a caller, a visitor or from a patrol."""

    token = forms.CharField(max_length=40, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("渠道"), choices=STAFF_CHANNELS)
    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices, initial=Nature.HELP)
    category = forms.ModelChoiceField(
        label=_("类别"),
        queryset=Category.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择类别。"), "invalid_choice": _("没有这个类别。")},
    )
    title = forms.CharField(
        label=_("标题"), max_length=120, error_messages={"required": _("请用一句话写明事项。")}
    )
    text = forms.CharField(
        label=_("内容"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写明发生了什么。")},
    )
    area_code = forms.CharField(
        label=_("所在社区或网格"),
        help_text=_("名称、编码或拼音首字母"),
        max_length=40,
        error_messages={"required": _("请选择所在社区或网格。")},
    )
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    reporter_name = forms.CharField(label=_("反映人姓名"), max_length=40, required=False)
    praised = forms.ModelChoiceField(
        label=_("表扬哪个单位"), queryset=Unit.objects.none(), required=False,
        empty_label=_("所在社区"), help_text=_("只在登记表扬时填写。"),
        error_messages={"invalid_choice": _("没有这个单位，请重新选择。")},
    )  # fmt: skip
    protected = forms.BooleanField(
        label=_("反映人要求身份保密"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text=_("举报一律保密，不用勾选。"),
    )
    reporter_phone = forms.RegexField(
        label=_("反映人电话"),
        regex=r"^1\d{10}$",
        required=False,
        error_messages={"invalid": _("手机号是以1开头的11位数字。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(  # type: ignore[attr-defined]
            parent__isnull=False, valid_to__isnull=True
        ).select_related("parent")
        self.fields["praised"].queryset = Unit.objects.filter(active=True)  # type: ignore[attr-defined]

    def clean_area_code(self) -> Area:
        """Return the area; an unknown one is refused, of several the person has to choose."""
        typed = self.cleaned_data["area_code"].strip()
        found = find(typed, limit=6)
        exact = [area for area in found if typed in {area.code, area.name, area.short_name}]
        rows = exact if len(exact) == 1 else found
        if not rows:
            if typed.isdigit():
                raise forms.ValidationError(_("没有编码为“%(code)s”的区域。") % {"code": typed})
            raise forms.ValidationError(_("没有找到这个区域。"))
        if len(rows) > 1:
            names = str(_("、")).join(f"{area.full_name} {area.code}" for area in rows[:5])
            raise forms.ValidationError(f"{_('找到多个区域，请填编码：')}{names}")
        return rows[0]
