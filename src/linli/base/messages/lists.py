"""The SMS log: columns, orders and filters. Numbers are masked, texts stay out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.masks import mask_phone

from .models import Message, MessageState
from .templates import all_labels, label_of


def _when(row: Message) -> str:
    return f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M:%S}"


LOG = Spec(
    key="messages.log",
    columns=(
        Column("at", _("时间"), _when),
        Column("phone", _("手机号"), lambda row: mask_phone(row.phone)),
        Column("template", _("模板"), lambda row: label_of(row.template)),
        Column("state", _("状态"), lambda row: row.get_state_display()),
        Column("attempts", _("次数"), lambda row: row.attempts),
        Column("error", _("说明"), lambda row: row.error),
    ),
    orders=(Order("new", _("最近的在前"), "created_at", descending=True),),
    shown=("state", "phone", "template"),
    private=("phone",),
)  # fmt: skip


class LogFilterForm(forms.Form):
    """Which texts to show; a phone is found by its whole number only."""

    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("全部状态")), *MessageState.choices], required=False
    )
    phone = forms.RegexField(
        r"^1\d{10}$", label=_("完整手机号"), required=False,
        error_messages={"invalid": _("请填写完整的11位手机号。")},
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    template = forms.ChoiceField(label=_("模板"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["template"]
        field.choices = [("", _("全部")), *all_labels()]


def narrow(rows: QuerySet[Message], clean: Mapping[str, Any]) -> QuerySet[Message]:
    """Keep what the filters ask for."""
    if clean["state"]:
        rows = rows.filter(state=clean["state"])
    if clean["template"]:
        rows = rows.filter(template=clean["template"])
    return rows.filter(phone_index=blind_index(clean["phone"])) if clean["phone"] else rows
