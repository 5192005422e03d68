"""What each step of a mediation asks for; what the file knows already is never asked again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.phones import normalise_phone

from . import queries
from .clocks import LONGEST_EXTENSION
from .models import Form, Obligation, Party

ADVICE = [
    ("court", _("可以向人民法院起诉")),
    ("arbitration", _("可以申请仲裁")),
    ("administrative", _("可以请行政机关处理")),
]
REQUIRED = {"required": _("请填写这一项。")}


def text(
    label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "", most: int = 3000
) -> forms.CharField:
    """Return a field of several lines."""
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}), error_messages=REQUIRED,
    )  # fmt: skip


def day(label: Any, *, help_text: Any = "") -> forms.DateField:
    """Return a field for a day, as the browser's own picker writes it."""
    return forms.DateField(
        label=label, help_text=help_text, initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("请填写日期。"), "invalid": _("日期应写成2026-03-18。"),
        },
    )  # fmt: skip


def past(value: date) -> date:
    """Return the day; one that has not come is refused."""
    if value > timezone.localdate():
        raise forms.ValidationError(_("日期不能晚于今天。"))
    return value


def agree_box(label: Any, message: Any) -> forms.BooleanField:
    """Return a box that has to be ticked."""
    return forms.BooleanField(
        label=label, error_messages={"required": message},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip


class PartyFields(forms.Form):
    """Who a party is."""

    organisation = forms.TypedChoiceField(
        label=_("类型"), choices=[("", _("个人")), ("1", _("单位"))], coerce=bool, required=False,
        empty_value=False,  # type: ignore[arg-type]
    )  # fmt: skip
    name = forms.CharField(label=_("姓名或单位名称"), max_length=60, error_messages=REQUIRED)
    phone = forms.CharField(label=_("手机号"), max_length=24, required=False)
    id_number = forms.CharField(
        label=_("身份证号或统一社会信用代码"), max_length=18, required=False
    )
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    representative = forms.CharField(
        label=_("代理人或负责人"), max_length=60, required=False,
        help_text=_("如：张三（女儿，受委托）"),
    )  # fmt: skip

    def clean_phone(self) -> str:
        """Return the number as digits; blank is allowed."""
        typed = self.cleaned_data["phone"].strip()
        return normalise_phone(typed) if typed else ""

    def clean_id_number(self) -> str:
        """Refuse a number of the wrong length."""
        typed: str = self.cleaned_data["id_number"].strip().upper()
        if typed and (len(typed) != 18 or not typed.isalnum() or not typed.isascii()):
            raise forms.ValidationError(_("身份证号和统一社会信用代码都是18位，请检查。"))
        return typed


class PartyForm(PartyFields):
    """One more party."""

    applicant = forms.BooleanField(
        label=_("是申请人"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    field_order = ("applicant",)


class OfMediation(forms.Form):
    """A form that offers the parties or mediators of its mediation."""

    wants_subject = True

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.actor = subject, actor
        if subject is None:
            return
        for name, field in self.fields.items():
            if name in {"mediator", "second"}:
                field.queryset = queries.mediators(subject.area_code)  # type: ignore[attr-defined]
            elif isinstance(field, forms.ModelChoiceField):
                model = field.queryset.model  # type: ignore[union-attr]
                field.queryset = model.objects.filter(mediation=subject)


def choose_party(label: Any, *, required: bool = True) -> Any:
    """Return a field that offers the parties of the mediation."""
    return forms.ModelChoiceField(
        label=label, queryset=Party.objects.none(), required=required,
        empty_label=_("请选择") if required else _("（无）"),
        error_messages={"required": _("请选择当事人。"), "invalid_choice": _("没有这个当事人。")},
    )  # fmt: skip


def _mediator(label: Any, *, required: bool = True) -> Any:
    return forms.ModelChoiceField(
        label=label, queryset=queries.mediators(""), required=required,
        error_messages={
            "required": _("请选择调解员。"), "invalid_choice": _("此人不是本辖区的调解员。"),
        },
    )  # fmt: skip


class ConsentForm(OfMediation):
    """A party agrees to mediation."""

    party = choose_party(_("同意调解的当事人"))
    on = day(_("同意日期"))

    def clean_on(self) -> date:
        """Refuse a day to come."""
        return past(self.cleaned_data["on"])


class RefuseForm(OfMediation):
    """A party does not want mediation: it does not take place (art. 17)."""

    party = choose_party(_("不同意调解的当事人"))
    advice = forms.MultipleChoiceField(
        label=_("告知的其他途径"), choices=ADVICE, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少告知一条其他途径。")},
    )  # fmt: skip
    note = text(_("说明"), required=False)


class AcceptForm(OfMediation):
    """Who mediates."""

    mediator = _mediator(_("调解员"))
    second = _mediator(_("另一名调解员"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject is not None:
            self.fields["mediator"].initial = self.subject.mediator_id

    def clean(self) -> dict[str, Any]:
        """Refuse the same person twice."""
        data = super().clean() or {}
        if data.get("second") and data["second"] == data.get("mediator"):
            self.add_error("second", _("两名调解员不能是同一人。"))
        return data


class ChangeForm(AcceptForm):
    """Another mediator, perhaps because a party objects to the present one."""

    objector = choose_party(_("提出回避的当事人"), required=False)
    note = text(_("原因"))


class MeetingForm(OfMediation):
    """One meeting and its record."""

    held_at = forms.DateTimeField(
        label=_("时间"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("请填写时间。"), "invalid": _("时间应写成2026-03-18 14:20。"),
        },
    )  # fmt: skip
    place = forms.CharField(label=_("地点"), max_length=120, error_messages=REQUIRED)
    present = forms.ModelMultipleChoiceField(
        label=_("到场当事人"), queryset=Party.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("请勾选到场的当事人。"), "invalid_choice": _("没有这个当事人。"),
            "invalid_pk_value": _("没有这个当事人。"),
        },
    )  # fmt: skip
    others = forms.CharField(label=_("其他在场人"), max_length=200, required=False)
    record = text(_("调解记录"), rows=6, help_text=_("各方说了什么、提出了什么方案。"))

    def clean_held_at(self) -> Any:
        """Refuse a moment to come."""
        if self.cleaned_data["held_at"] > timezone.now():
            raise forms.ValidationError(_("开完会再记录，时间不能晚于现在。"))
        return self.cleaned_data["held_at"]


class ExtendForm(OfMediation):
    """More time, which all parties want."""

    days = forms.IntegerField(
        label=_("延长天数"), min_value=1, max_value=LONGEST_EXTENSION, initial=15,
        error_messages={
            "required": _("请填写天数。"), "invalid": _("请填写整数。"),
            "min_value": _("至少1天。"), "max_value": _("一次最多30天。"),
        },
    )  # fmt: skip
    agreed = agree_box(_("各方当事人都同意延长"), _("延长要经各方当事人同意。"))
    note = text(_("原因"))


class DraftForm(OfMediation):
    """The words of the agreement."""

    form = forms.ChoiceField(label=_("协议形式"), choices=Form.choices)
    matter = text(_("主要事实和争议事项"), rows=4)
    terms = text(_("协议内容"), rows=6, help_text=_("各项义务的履行人和期限在下面逐项登记。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject is not None:
            self.fields["form"].initial = self.subject.form or Form.WRITTEN
            self.fields["matter"].initial = self.subject.matter or self.subject.facts
            self.fields["terms"].initial = self.subject.terms


class ObligationForm(OfMediation):
    """What a party owes, and until when."""

    debtor = choose_party(_("履行人"))
    what = forms.CharField(label=_("履行什么"), max_length=200, error_messages=REQUIRED)
    due_on = day(_("履行期限"))


class DropForm(OfMediation):
    """An obligation that is taken out before anyone signs."""

    obligation = forms.ModelChoiceField(
        label=_("义务"), queryset=Obligation.objects.none(), widget=forms.HiddenInput,
        error_messages={"required": _("没有这一项。"), "invalid_choice": _("没有这一项。")},
    )  # fmt: skip


class SignForm(OfMediation):
    """A party signed the agreement."""

    party = choose_party(_("签名的当事人"))
    on = day(_("签名日期"))

    def clean_on(self) -> date:
        """Refuse a day to come."""
        return past(self.cleaned_data["on"])


class UnsignForm(OfMediation):
    """Why signatures are taken back."""

    note = text(_("原因"), help_text=_("所有签名作废，协议改好后重新签。"))


class ConcludeForm(OfMediation):
    """The mediator signs, the committee puts its seal: the agreement takes effect (art. 29)."""

    on = day(_("生效日期"), help_text=_("书面：调解员签名、调委会盖章之日；口头：达成协议之日。"))

    def clean_on(self) -> date:
        """Refuse a day to come."""
        return past(self.cleaned_data["on"])
