"""What is asked for when mediation ends, and after."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import ADVICE, REQUIRED, DropForm, OfMediation, agree_box, choose_party, day, past, text
from .models import Result


class FailForm(OfMediation):
    """No agreement: the parties learn of other ways (art. 26)."""

    advice = forms.MultipleChoiceField(
        label=_("告知的其他途径"), choices=ADVICE, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少告知一条其他途径。")},
    )  # fmt: skip
    note = text(_("调解不成的原因"))


class WithdrawForm(OfMediation):
    """A party wants no more mediation (art. 23)."""

    party = choose_party(_("撤回的当事人"))
    note = text(_("原因"), required=False)


class PerformForm(DropForm):
    """What became of one obligation."""

    result = forms.ChoiceField(
        label=_("履行情况"), choices=[row for row in Result.choices if row[0] != Result.OPEN]
    )
    on = day(_("日期"))
    note = text(_("情况"), required=False, rows=2)

    def clean_on(self) -> date:
        """Refuse a day to come."""
        return past(self.cleaned_data["on"])


class VisitForm(OfMediation):
    """A visit or call after the agreement."""

    note = text(_("回访情况"), help_text=_("见了谁、怎么说、还有什么要帮的。"))


class CourtForm(OfMediation):
    """Both parties ask the court together."""

    court = forms.CharField(label=_("受理法院"), max_length=60, error_messages=REQUIRED)
    on = day(_("申请日期"))
    joint = agree_box(_("双方共同提出申请"), _("司法确认要由双方共同申请。"))
    no_status = agree_box(
        _("不涉及确认身份、收养、婚姻关系"), _("确认身份、收养、婚姻关系的，法院不受理确认申请。")
    )

    def clean_on(self) -> date:
        """Refuse a day to come."""
        return past(self.cleaned_data["on"])


class RulingForm(OfMediation):
    """What the court decided."""

    result = forms.ChoiceField(
        label=_("结果"), choices=[("confirmed", _("确认有效")), ("refused", _("不予确认"))]
    )
    ruling = forms.CharField(label=_("裁定书编号"), max_length=60, error_messages=REQUIRED)
    note = text(_("说明"), required=False, rows=2)


class EndForm(OfMediation):
    """The agreement is not performed and nothing more can be done here."""

    advice = forms.MultipleChoiceField(
        label=_("告知的其他途径"), choices=ADVICE, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少告知一条其他途径。")},
    )  # fmt: skip
    note = text(_("原因"))
