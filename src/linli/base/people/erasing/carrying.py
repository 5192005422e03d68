"""Carry an erasure out, and keep the list of what went and what stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from linli.base.accounts.models import Account
from linli.kernel.flow import Context

from .. import telling
from ..changes.recording import lock, note
from ..erasable import parts
from ..models import Resident
from .looking import review


def list_of(
    resident: Resident, now: datetime, *, nothing_goes: bool = False
) -> list[dict[str, Any]]:
    """Return the items as a request keeps them, in the site's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return [
            {
                "key": item.key, "label": str(item.label), "count": item.count,
                "kept": bool(item.kept) or nothing_goes,
                "reason": str(item.reason), "law": str(item.law), "until": item.until,
            }
            for item in review(resident, now)
        ]  # fmt: skip


def carry_out(context: Context) -> None:
    """Erase what need not stay, and write down on the request what went and what stays."""
    request = context.subject
    row = lock(Resident, request.resident_id, None, "resident")
    request.outcome = list_of(row, context.now)
    request.decided_at, request.reason = context.now, ""
    erase_all(row, context.now)
    gone = [item["key"] for item in request.outcome if not item["kept"]]
    kept = [item["key"] for item in request.outcome if item["kept"]]
    context.entry |= {"gone": gone, "kept": kept}
    row.refresh_from_db()
    data = {"request": request.pk, "gone": gone}
    note(row, "resident", "erase", actor=context.actor, now=context.now, data=data)


def erase_all(row: Resident, now: datetime) -> None:
    """Erase every part of a locked record that nothing holds back."""
    for part in parts():
        part.erase(row, now)


def tell(context: Context) -> None:
    """Tell the resident what was decided, where they still have an account."""
    request = context.subject
    account = Account.objects.filter(pk=request.account_id or 0, is_active=True).first()
    if account is None:
        return
    telling.tell(
        account, f"people.erasure_{request.state}", {},
        key=f"people.erasure:{request.pk}:{request.state}", now=context.now, link="/my/record/",
    )  # fmt: skip
