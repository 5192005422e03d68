"""Make accounts and units, set passwords, give and end grants."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index

from ...areas.models import Area
from ..models import Account, AccountKind, GrantRow, Unit
from ..phones import normalise_phone
from ..policies import ROLES


def _record(what: str, row: Any, verb: str, actor: Actor, now: datetime, **data: Any) -> None:
    ledger.append(
        subject_type=what,
        subject_id=row.pk,
        verb=verb,
        actor=actor,
        at=now,
        area_code=getattr(row, "area_code", "") or "",
        data=data,
    )


@transaction.atomic
def create_unit(
    *, actor: Actor, now: datetime, kind: str, code: str, name: str, area: Area, line: str = ""
) -> Unit:
    """Make a unit that can hold work; a code that is taken raises ValidationError."""
    if Unit.objects.filter(code=code).exists():
        raise ValidationError({"code": _("单位编码“%(code)s”已存在。") % {"code": code}})
    unit = Unit.objects.create(
        kind=kind, code=code, name=name, area=area, area_code=area.code, line=line
    )
    _record("unit", unit, "create", actor, now)
    return unit


@transaction.atomic
def create_staff(
    *,
    actor: Actor,
    now: datetime,
    username: str,
    name: str,
    password: str | None,
    unit: Unit | None = None,
    area: Area | None = None,
    title: str = "",
) -> Account:
    """Make an account of a member of staff; bad passwords and taken names raise ValidationError."""
    if Account.objects.filter(username=username).exists():
        raise ValidationError({"username": _("登录名“%(name)s”已存在。") % {"name": username}})
    account = Account(
        kind=AccountKind.STAFF, username=username, name=name, unit=unit, area=area, title=title
    )
    _put_password(account, password, now)
    account.save()
    _record("account", account, "create", actor, now, kind="staff")
    return account


def _put_password(account: Account, password: str | None, now: datetime) -> None:
    if password is None:
        account.set_unusable_password()
        return
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    account.set_password(password)
    account.password_set_at = now


@transaction.atomic
def set_password(*, actor: Actor, now: datetime, account: Account, password: str) -> None:
    """Set a password; one that is too simple raises ValidationError."""
    _put_password(account, password, now)
    account.save(update_fields=["password", "password_set_at"])
    _record("account", account, "set_password", actor, now)


@transaction.atomic
def create_resident(*, actor: Actor, now: datetime, phone: str, name: str = "") -> Account:
    """Return the resident with this phone, made where there is none yet."""
    number = normalise_phone(phone)
    index = blind_index(number)
    found = Account.objects.filter(kind=AccountKind.RESIDENT, phone_index=index).first()
    if found:
        return found
    account = Account(
        kind=AccountKind.RESIDENT,
        username=f"r-{index[:28]}",
        name=name,
        phone=number,
        phone_index=index,
    )
    account.set_unusable_password()
    account.save()
    _record("account", account, "create", actor, now, kind="resident")
    return account


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    now: datetime,
    account: Account,
    role: str,
    area: Area,
    lines: list[str] | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> GrantRow:
    """Give a role over an area; nobody may change their own grants, and no role stands twice."""
    if role not in ROLES:
        raise ValidationError({"role": _("没有这个角色。")})
    if actor.account_id == account.pk:
        raise ValidationError(_("不能更改自己的授权。"))
    start = valid_from or timezone.localdate(now)
    if valid_to and valid_to < start:
        raise ValidationError({"valid_to": _("截止日期早于开始日期。")})
    if GrantRow.objects.filter(account=account, role=role, area=area, valid_to=None).exists():
        raise ValidationError({"role": _("该角色在此区域已授予。")})
    row = GrantRow.objects.create(
        account=account,
        role=role,
        area=area,
        area_code=area.code,
        lines=lines or [],
        valid_from=start,
        valid_to=valid_to,
    )
    _record("grant", row, "grant", actor, now, role=role, account=account.pk)
    return row


@transaction.atomic
def end_grant(*, actor: Actor, now: datetime, grant: GrantRow) -> None:
    """End a grant at once: it no longer counts from this day on."""
    if actor.account_id == grant.account_id:
        raise ValidationError(_("不能更改自己的授权。"))
    from datetime import timedelta

    grant.valid_to = timezone.localdate(now) - timedelta(days=1)
    grant.save(update_fields=["valid_to"])
    _record("grant", grant, "end", actor, now, role=grant.role, account=grant.account_id)


@transaction.atomic
def create_admin(
    *, actor: Actor, now: datetime, username: str, name: str, password: str, role: str
) -> Account:
    """Make an administrator of the whole district; used by `linli createadmin`."""
    district = Area.objects.filter(level="district", valid_to=None).order_by("code").first()
    if district is None:
        raise ValidationError(_("还没有区划数据，请先运行 linli import-divisions。"))
    account = create_staff(
        actor=actor, now=now, username=username, name=name, password=password, area=district
    )
    grant_role(actor=actor, now=now, account=account, role=role, area=district)
    return account
