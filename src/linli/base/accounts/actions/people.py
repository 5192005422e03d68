"""Make accounts and units, set passwords."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.phones import normalise_phone

from ...areas.models import Area
from ..models import Account, AccountKind, Unit, resident_username
from .record import area_code_of, demand, locked, record


@transaction.atomic
def create_unit(
    *, actor: Actor, now: datetime, kind: str, code: str, name: str, area: Area, line: str = ""
) -> Unit:
    """Make a unit that can hold work; a code that is taken raises ValidationError."""
    demand(actor, "accounts.manage", area.code)
    if Unit.objects.filter(code=code).exists():
        raise ValidationError({"code": _("单位编码“%(code)s”已存在。") % {"code": code}})
    unit = Unit.objects.create(
        kind=kind, code=code, name=name, area=area, area_code=area.code, line=line
    )
    record("unit", unit, "create", actor, now)
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
    """Make an account of a member of staff; bad passwords and taken names raise ValidationError.

    The area is the unit's where none is given. Raises PermissionDenied outside the actor's scope.
    """
    area = area or (unit.area if unit else None)
    demand(actor, "accounts.manage", area.code if area else "")
    if Account.objects.filter(username=username).exists():
        raise ValidationError({"username": _("登录名“%(name)s”已存在。") % {"name": username}})
    account = Account(
        kind=AccountKind.STAFF, username=username, name=name, unit=unit, area=area, title=title
    )
    _put_password(account, password, now)
    account.save()
    record("account", account, "create", actor, now, kind="staff")
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
    """Set a password; one that is too simple raises ValidationError.

    Other sessions of the account end. Staff may set their own; system administrators anyone's.
    """
    if actor.account_id != account.pk:
        demand(actor, "accounts.manage", area_code_of(account))
    account = locked(account)
    _put_password(account, password, now)
    account.save(update_fields=["password", "password_set_at"])
    record("account", account, "set_password", actor, now)


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
        username=resident_username(index),
        name=name,
        phone=number,
        phone_index=index,
    )
    account.set_unusable_password()
    account.save()
    record("account", account, "create", actor, now, kind="resident")
    return account


@transaction.atomic
def set_own_name(*, actor: Actor, now: datetime, account: Account, name: str) -> None:
    """Keep the name a resident gives; raises PermissionDenied for anyone else's account."""
    if actor.account_id != account.pk or account.kind != AccountKind.RESIDENT:
        raise PermissionDenied
    row = locked(account)
    row.name = name.strip()
    row.save(update_fields=["name"])
    record("account", row, "set_name", actor, now)
