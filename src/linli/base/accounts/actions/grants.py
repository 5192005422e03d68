"""Give and end grants: the security administrator's work alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor

from ...areas.models import Area
from ...areas.queries import past_codes_of
from ..models import Account, AccountKind, GrantRow
from ..policies import ADMINISTRATORS, ROLES
from .record import demand, locked, record


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    now: datetime,
    account: Account,
    role: str,
    area: Area,
    lines: Iterable[str] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> GrantRow:
    """Give a role over an area, from today unless said otherwise.

    Nobody may change their own grants, no role stands twice over one area, and nobody holds two
    of the three administrators' roles (classified protection, level 3): ValidationError. Raises
    PermissionDenied where the actor may not grant there. With the area comes the past of those
    that went into it whole; that of an area that was split stays with who answered for it then.
    """
    demand(actor, "accounts.grant", area.code)
    _not_oneself(actor, account)
    account = locked(account)
    start = valid_from or timezone.localdate(now)
    _check(account, role, area, start, valid_to)
    # A grant that was ended on the day it was given is taken up again.
    row, _made = GrantRow.objects.update_or_create(
        account=account,
        role=role,
        area=area,
        valid_from=start,
        defaults={
            "area_code": area.code,
            "lines": sorted(lines),
            "valid_to": valid_to,
            "past": past_codes_of(area),
        },
    )
    record("grant", row, "grant", actor, now, role=role, account=account.pk)
    return row


def _not_oneself(actor: Actor, account: Account) -> None:
    if actor.account_id == account.pk:
        raise ValidationError(_("不能更改自己的授权，请由另一位安全管理员办理。"))


def _check(account: Account, role: str, area: Area, start: date, end: date | None) -> None:
    if account.kind != AccountKind.STAFF:
        raise ValidationError(_("只能给工作人员授权。"))
    if role not in ROLES:
        raise ValidationError({"role": _("没有这个角色。")})
    if end and end < start:
        raise ValidationError({"valid_to": _("截止日期早于开始日期。")})
    held = GrantRow.objects.filter(Q(valid_to=None) | Q(valid_to__gte=start), account=account)
    if held.filter(role=role, area=area).exists():
        raise ValidationError({"role": _("该角色在此区域已授予。")})
    if role in ADMINISTRATORS and held.filter(role__in=ADMINISTRATORS - {role}).exists():
        raise ValidationError({"role": _("系统、安全、审计管理员必须由不同的人担任。")})


@transaction.atomic
def end_grant(*, actor: Actor, now: datetime, grant: GrantRow) -> None:
    """End a grant at once: it no longer counts from this moment on; ended ones stay as they are."""
    demand(actor, "accounts.grant", grant.area_code)
    _not_oneself(actor, grant.account)
    row = GrantRow.objects.select_for_update().get(pk=grant.pk)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    if row.valid_to and row.valid_to <= yesterday:
        return
    row.valid_to = yesterday
    row.save(update_fields=["valid_to"])
    record("grant", row, "end", actor, now, role=row.role, account=row.account_id)
