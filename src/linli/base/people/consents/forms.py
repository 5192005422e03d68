"""What the desk copies from a paper about consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..forms import DAY, NEEDED
from ..purposes import all_purposes


def _purposes() -> list[tuple[str, Any]]:
    return [(purpose.key, purpose.label) for purpose in all_purposes()]


class PaperForm(forms.Form):
    """A consent given on paper, or its withdrawal."""

    purpose = forms.ChoiceField(label=_("事项"), choices=_purposes)
    act = forms.ChoiceField(
        label=_("本人表示"), choices=[("give", _("同意")), ("withdraw", _("撤回或拒绝"))],
        widget=forms.RadioSelect, error_messages=NEEDED,
    )  # fmt: skip
    on = forms.DateField(
        label=_("签字日期"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages=NEEDED,
    )  # fmt: skip
    paper = forms.CharField(
        label=_("纸质材料编号"), max_length=40, error_messages=NEEDED,
        help_text=_("材料存放在哪里、第几号，以后查得到。"),
    )  # fmt: skip
    guardian = forms.CharField(
        label=_("监护人姓名"), max_length=40, required=False,
        help_text=_("不满14周岁的，由监护人同意，必须填写。"),
    )  # fmt: skip
