"""What is typed about erasure and holds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..forms import NEEDED
from .models import ErasureState, Proof, Speaker


class OwnErasureForm(forms.Form):
    """A resident asks, and says that they know what follows."""

    reason = forms.CharField(
        label=_("为什么要删除（可不填）"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("我知道删除后不能恢复，网上账户也会关闭。"),
        error_messages={"required": _("请勾选确认。")},
    )


class DeskErasureForm(forms.Form):
    """The desk asks for who stands at the counter."""

    speaker = forms.ChoiceField(label=_("谁来申请"), choices=Speaker.choices)
    proof = forms.ChoiceField(
        label=_("当面核验的证件"),
        choices=[choice for choice in Proof.choices if choice[0] != Proof.LOGIN],
        help_text=_("监护人、近亲属还要核验关系证明。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("申请人说明"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ErasureFilterForm(forms.Form):
    """Narrow the list of requests."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *ErasureState.choices]
    )


class HoldForm(forms.Form):
    """Which record must stay, and why."""

    resident = forms.IntegerField(
        label=_("档案号"), min_value=1, max_value=2**62, error_messages=NEEDED,
        help_text=_("居民页地址里的号码，档案查看记录里也有。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("保全原因"), max_length=200, min_length=4, error_messages=NEEDED,
        help_text=_("例如诉讼案号、审计通知文号。"),
    )  # fmt: skip
