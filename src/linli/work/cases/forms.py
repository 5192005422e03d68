"""What each step asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Unit

from .models import Case, Category, Nature, Urgency
from .natures.adoption import adoption_field

DECLINE_REASONS = [
    ("outside_duty", _("不属于政府公共服务职责")),
    ("legal_route", _("应通过诉讼、仲裁、复议或信访途径解决")),
    ("in_progress", _("同一事项正在办理")),
    ("unclear", _("内容无法核实，联系不上反映人")),
    ("unlawful", _("违反法律法规或公序良俗")),
]
GRADES = [
    (5, _("非常满意")),
    (4, _("满意")),
    (3, _("基本满意")),
    (2, _("不满意")),
    (1, _("非常不满意")),
]
SOLVED = [("yes", _("已解决")), ("no", _("未解决"))]


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写这一项。")},
    )


class NoteForm(forms.Form):
    """An optional remark; public remarks are shown to the reporter."""

    note = _text(_("备注"), required=False)


class DeclineForm(forms.Form):
    """Why a case is not taken on; the reporter reads the explanation."""

    reason = forms.ChoiceField(label=_("理由"), choices=DECLINE_REASONS)
    note = _text(_("向反映人的说明"), help_text=_("写清楚为什么不受理、应该找谁。"))


class DispatchForm(forms.Form):
    """To whom a case goes, with category and urgency as the dispatcher judges them."""

    wants_subject = True
    unit = forms.ModelChoiceField(
        label=_("承办单位"),
        queryset=Unit.objects.none(),
        error_messages={
            "required": _("请选择承办单位。"),
            "invalid_choice": _("没有这个承办单位，请重新选择。"),
        },
    )
    category = forms.ModelChoiceField(
        label=_("类别"), queryset=Category.objects.none(), required=False
    )
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices, required=False)
    note = _text(_("派遣意见"), required=False)

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["unit"].queryset = Unit.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.filter(  # type: ignore[attr-defined]
            parent__isnull=False, valid_to__isnull=True
        )
        if subject is not None:
            self.fields["category"].initial = subject.category_id
            self.fields["urgency"].initial = subject.urgency


class MergeForm(forms.Form):
    """Which case leads the same matter; what was merged itself stands for its leading case."""

    wants_subject = True
    into = forms.CharField(
        label=_("并入的工单编号"),
        max_length=30,
        error_messages={"required": _("请填写要并入的工单编号。")},
    )
    note = _text(_("备注"), required=False)

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.actor = subject, actor

    def clean_into(self) -> Case:
        """Return the leading case; one outside the actor's scope is not there."""
        from .queries import get_by_number
        from .same.queries import lead_of

        try:
            found = lead_of(get_by_number(self.actor, self.cleaned_data["into"]))
        except Http404:
            problem = _("没有这个编号的工单，或不在您的权限范围内。")
            raise forms.ValidationError(problem) from None
        if found.pk == self.subject.pk:
            raise forms.ValidationError(_("不能并入自己。"))
        return found


class UnmergeForm(forms.Form):
    """Why it is not the same matter after all."""

    note = _text(_("撤销并案的原因"))


class DoneForm(forms.Form):
    """What was done. Photos are asked for only where the category needs evidence."""

    result = _text(_("处理结果"), help_text=_("反映人会看到这段话。"))


class SendBackForm(forms.Form):
    """Why the check found it not done."""

    note = _text(_("退回原因"))


class RemarkForm(forms.Form):
    """What the offices should know besides."""

    note = _text(_("补充内容"), help_text=_("只有办理单位看得到。"))


class CloseForm(forms.Form):
    """The answer to the reporter; to a suggestion it begins with whether it is taken up."""

    wants_subject = True
    result = _text(_("办结答复"), help_text=_("反映人会收到这段话。"))

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:  # noqa: ARG002 - every form with a subject is given both
        super().__init__(*args, **kwargs)
        if subject is not None and subject.nature == Nature.SUGGESTION:
            self.fields["adoption"] = adoption_field()
            self.fields["result"].label = _("答复和理由")
            self.order_fields(["adoption", "result"])


class AskReturnForm(forms.Form):
    """Not ours: why, and whose it is."""

    proposed = forms.ModelChoiceField(
        label=_("建议承办单位"),
        queryset=Unit.objects.none(),
        error_messages={"required": _("请写明应由谁办理。")},
    )
    reason = _text(_("退单理由"), help_text=_("写明职责依据。一件最多退两次，第二次由区级裁定。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposed"].queryset = Unit.objects.filter(active=True)  # type: ignore[attr-defined]


class GrantReturnForm(forms.Form):
    """The ruling: to whom it goes instead."""

    unit = forms.ModelChoiceField(
        label=_("改派给"),
        queryset=Unit.objects.none(),
        error_messages={"required": _("请选择改派单位。")},
    )
    ruling = _text(_("裁定意见"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(active=True)  # type: ignore[attr-defined]


class RefuseReturnForm(forms.Form):
    """The ruling: it stays where it is."""

    ruling = _text(_("裁定意见"))


class RateForm(forms.Form):
    """What the reporter thinks of it."""

    rating = forms.TypedChoiceField(
        label=_("满意程度"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择满意程度。")},
    )
    solved = forms.ChoiceField(
        label=_("问题解决了吗"),
        choices=SOLVED,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择问题是否解决。")},
    )
    note = _text(_("还想说的话"), required=False)


class CallBackForm(forms.Form):
    """What the call-back learned; the answers are asked for only where the person was reached."""

    reached = forms.ChoiceField(
        label=_("是否接通"),
        choices=[("yes", _("已接通")), ("no", _("未接通"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择是否接通。")},
    )
    solved = forms.ChoiceField(
        label=_("问题解决了吗"), choices=[("", _("未问到")), *SOLVED], required=False
    )
    rating = forms.TypedChoiceField(
        label=_("满意程度"),
        choices=[("", _("未问到")), *GRADES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    note = _text(_("回访记录"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse answers from someone who was not reached."""
        data = super().clean() or {}
        if data.get("reached") == "no" and (data.get("solved") or data.get("rating")):
            self.add_error("reached", _("未接通时不能填写解决情况和满意程度。"))
        return data
