"""Whether a suggestion 建议 is taken up: its reply says so, with the reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Context


class Adoption(models.TextChoices):
    """What becomes of a suggestion."""

    ADOPTED = "adopted", _("已采纳")
    PARTLY = "partly", _("部分采纳")
    REFUSED = "refused", _("未采纳")


def adoption_field() -> forms.ChoiceField:
    """Return the field that asks for the decision."""
    return forms.ChoiceField(
        label=_("是否采纳"),
        choices=Adoption.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择是否采纳。")},
    )


def adopt(context: Context) -> None:
    """Keep the decision with the case, and in the ledger for the count."""
    decision = context.data.get("adoption")
    if decision:
        context.subject.adoption = decision
        context.entry["adoption"] = str(decision)


def in_words(data: Any) -> str:
    """Return the decision as the reporter reads it before the reason; blank where there is none."""
    decision = data.get("adoption")
    return f"【{Adoption(decision).label}】" if decision else ""
