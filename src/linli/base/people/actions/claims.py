"""Residents link their log-in to their own record."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.ledger import actions as ledger
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor

from ...accounts.models import Account
from ..changes.recording import lock, note
from ..models import PRESENT, Resident

TRIES, WITHIN = 5, timedelta(hours=1)
LAST = 6  # characters of the identity number
SUBJECT = "resident.claim"


def claim_record(*, actor: Actor, now: datetime, last_six: str) -> Resident:
    """Link the record that has the resident's phone and these last six of its identity number.

    The phone was proved by a one-time code; the number tells parents from children who share it.
    Raises NotAllowed for others than residents, GuardFailed where none fits, is linked to someone
    else, or after five failures within an hour.
    """
    if actor.kind != "resident" or actor.account_id is None:
        raise NotAllowed(_("请用居民账户登录。"))
    _refuse_many(actor, now)
    account = Account.objects.get(pk=actor.account_id)
    row = _fitting(account, last_six)
    if row is None:
        ledger.append_free(subject_type=SUBJECT, verb="fail", actor=actor, at=now)
        raise GuardFailed(
            _("没有找到手机号和身份证号后六位都一致的记录。可到社区核对登记的手机号。")
        )
    with transaction.atomic():
        found: Resident = lock(Resident, row.pk, None, "resident")
        if found.account_id not in {None, account.pk}:
            raise GuardFailed(_("这条记录已与另一个账户关联，请到社区办理。"))
        if found.account_id is None:
            found.account = account
            note(found, "resident", "claim", actor=actor, now=now, data={})
    return found


def _refuse_many(actor: Actor, now: datetime) -> None:
    failed = Entry.objects.filter(
        subject_type=SUBJECT, subject_id=actor.account_id or 0, verb="fail", at__gt=now - WITHIN
    )
    if failed.count() >= TRIES:
        raise GuardFailed(_("一小时内试错次数太多，请稍后再试，或到社区办理。"))


def _fitting(account: Account, last_six: str) -> Resident | None:
    typed = "".join(last_six.split()).upper()
    if len(typed) != LAST or not account.phone_index:
        return None
    rows = Resident.objects.filter(phone_index=account.phone_index, state__in=PRESENT)
    for row in rows.order_by("pk")[:20]:
        if row.id_number and hmac.compare_digest(row.id_number[-LAST:].encode(), typed.encode()):
            return row
    return None
