"""Carry out what a resident asked to have corrected, and tell them what became of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.base.accounts.models import Account
from linli.kernel.flow import Context, GuardFailed

from .. import telling
from .models import ChangeRequest, RequestState
from .recording import change, lock

# What residents may ask to have corrected; an identity number is corrected at the counter.
ASKABLE = ("name", "phone", "gender", "born_on")


def pack(values: dict[str, Any]) -> str:
    """Return fields as the request keeps them."""
    return json.dumps(
        {name: v.isoformat() if isinstance(v, date) else v for name, v in values.items()},
        ensure_ascii=False,
    )


def unpack(request: ChangeRequest) -> dict[str, Any]:
    """Return the fields a waiting request asks for; none once it is decided."""
    found: dict[str, Any] = json.loads(request.wanted) if request.wanted else {}
    if found.get("born_on"):
        found["born_on"] = date.fromisoformat(found["born_on"])
    return found


def correct(context: Context) -> None:
    """Write the fields asked for into the register, with the resident as their source."""
    from ..actions.residents import index_record, values_of
    from ..models import Resident

    request = context.subject
    wanted = unpack(request)
    row = lock(Resident, request.resident_id, None, "resident")
    if row.id_number and {"born_on", "gender"} & set(wanted):
        raise GuardFailed(_("出生日期和性别随身份证号登记，不能单独更正。"))
    index_record(row, values_of(row, wanted))
    change(
        row, "resident", wanted, source=_("本人申请"), actor=context.actor, now=context.now,
        verb="correct", data={"request": request.pk},
    )  # fmt: skip


def tell(context: Context) -> None:
    """Tell the resident that their request was decided."""
    request = context.subject
    account = Account.objects.filter(pk=request.account_id).first()
    if account is None:
        return
    approved = request.state == RequestState.APPROVED
    telling.tell(
        account,
        "people.request_approved" if approved else "people.request_declined",
        {"answer": request.answer},
        key=f"people.request:{request.pk}:{request.state}",
        now=context.now,
        link="/my/record/",
    )
