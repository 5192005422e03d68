"""What is asked for when someone has looked into a hot spot."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SeenForm(forms.Form):
    """What lies behind the rise, or what is done about it."""

    note = forms.CharField(
        label=_("查看情况"),
        max_length=500,
        help_text=_("写明查看到的原因，或者已安排做什么。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("请写明查看到的情况。"),
            "max_length": _("最多写500个字，请删短一些。"),
        },
    )


class DayForm(forms.Form):
    """Which day's list is asked for."""

    day = forms.DateField(
        label=_("日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请按“年-月-日”填写日期，例如 2026-03-01。")},
    )
