"""Praise 表扬 is counted and thanked for; nobody has to handle it, and nobody is asked about it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.base.accounts.models import Account
from linli.base.messages.actions import queue_message
from linli.base.messages.models import Channel
from linli.kernel.flow import Context

from ..models import Case, Nature

MOST_TOLD = 30


def is_praise(case: Case) -> bool:
    """Tell whether a case is praise, which is thanked for and nothing else."""
    return case.nature == Nature.PRAISE


def guard_no_praise(context: Context) -> str | None:
    """Nobody is asked whether their praise was handled well."""
    return _("表扬不需要评价或回访。") if is_praise(context.subject) else None


def guard_praise(context: Context) -> str | None:
    """Only praise is ended with thanks."""
    return None if is_praise(context.subject) else _("只有表扬可以致谢办结。")


def thank(context: Context) -> None:
    """End praise at once and tell those who are praised."""
    case: Case = context.subject
    case.closed_at = context.now
    context.entry["unit"] = case.unit_id
    context.after.append(_tell_unit)


def _tell_unit(context: Context) -> None:
    case: Case = context.subject
    if case.unit_id is None:
        return
    people = Account.objects.filter(unit_id=case.unit_id, is_active=True).order_by("pk")
    for person in people[:MOST_TOLD]:
        queue_message(
            key=f"case:{case.pk}:{case.version}:praise:{person.pk}",
            account=person,
            channel=Channel.SITE,
            template="cases.praised",
            params={"unit": case.unit.name if case.unit else "", "title": case.title},
            link=f"/desk/cases/{case.number}/",
            now=context.now,
        )
