"""Forms of duties: filling a post, handing it over, ending it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.phones import normalise_phone

from ..models import DutyPost, EndReason
from ..staffing import Person

FIXED = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,5})?")
# What an act on areas does is no reason people choose.
REASONS = [pair for pair in EndReason.choices if pair[0] != EndReason.AREA]


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class PersonForm(forms.Form):
    """Who: a member of staff, or a name and a number."""

    account = forms.TypedChoiceField(
        label=_("工作人员"), required=False, coerce=int, empty_value=None,
        help_text=_("选了工作人员，姓名和电话自动带入，不用再填。"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("姓名（没有账户的人）"), max_length=40, required=False,
        help_text=_("如楼栋长、社区民警。"),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("电话"), max_length=24, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("账户已登记电话的可以不填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Iterable[Person] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            ("", _t("不在名单里，在下面填写")),
            *((one.account_id, _named(one)) for one in people),
        ]

    def clean_phone(self) -> str:
        """Return a mobile or fixed-line number; raises ValidationError."""
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", self.cleaned_data["phone"]))
        if not text or FIXED.fullmatch(text):
            return text
        try:
            return normalise_phone(text)
        except ValidationError as error:
            fault = _t("电话不对：手机号11位，固定电话如0536-8123456。")
            raise ValidationError(fault) from error

    def clean(self) -> dict[str, Any]:
        """Refuse a choice and a name at the same time: it would be unclear who is meant."""
        data = super().clean() or {}
        data["account_id"] = data.get("account")
        if data["account_id"] and data.get("name", "").strip():
            self.add_error("name", _t("已选了工作人员，请清空姓名；或改选“不在名单里”。"))
        return data


def _named(one: Person) -> str:
    words = [one.name, one.title] if one.title else [one.name]
    if not one.phone:
        words.append(_t("账户没有电话"))
    return " · ".join(words)


class AssignForm(PersonForm):
    """Who takes which post from when."""

    field_order = ("post", "account", "name", "phone", "valid_from", "note")
    post = forms.ChoiceField(label=_("岗位"))
    valid_from = _day(_("任职日期"))
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, posts: Iterable[DutyPost] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            (post.value, post.label) for post in posts
        ]


class HandOverForm(PersonForm):
    """Who succeeds, from when, and why the one before leaves."""

    field_order = ("account", "name", "phone", "valid_from", "reason", "note")
    valid_from = _day(_("交接日期"), help_text=_("从这一天起由接任的人负责，原责任人同日卸任。"))
    reason = forms.ChoiceField(label=_("原责任人卸任原因"), choices=REASONS)
    note = forms.CharField(label=_("原因说明"), max_length=200, required=False)


class EndForm(forms.Form):
    """When a duty ends, and why."""

    on = _day(_("卸任日期"), help_text=_("从这一天起不再负责。"))
    reason = forms.ChoiceField(label=_("卸任原因"), choices=REASONS)
    note = forms.CharField(label=_("原因说明"), max_length=200, required=False)
