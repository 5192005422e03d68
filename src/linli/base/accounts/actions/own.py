"""What members of staff change of their own."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.phones import normalise_phone

from ..models import Account, AccountKind
from .people import set_password
from .record import locked, record
from .sign_in import SignInRefused, check_password


def change_own_password(*, actor: Actor, now: datetime, old: str, new: str) -> Account:
    """Let a member of staff choose another password; return the account.

    Raises ValidationError at `old` where the present one is wrong (which counts towards the lock
    like a log-in, and stays counted), at `password` where the new one is too simple or the same.
    """
    account = Account.objects.get(pk=actor.account_id or 0, kind=AccountKind.STAFF)
    try:
        check_password(username=account.username, password=old, now=now)
    except SignInRefused:
        raise ValidationError({"old": _("现在的密码不对。")}) from None
    if old == new:
        raise ValidationError({"password": _("新密码不能与现在的相同。")})
    set_password(actor=actor, now=now, account=account, password=new)
    account.refresh_from_db()
    return account


@transaction.atomic
def set_own_phone(*, actor: Actor, now: datetime, phone: str) -> None:
    """Keep the number at which a member of staff is called; blank removes it.

    Raises ValidationError at `phone` where it is no mobile number.
    """
    account = locked(Account.objects.get(pk=actor.account_id or 0, kind=AccountKind.STAFF))
    try:
        number = normalise_phone(phone) if phone.strip() else ""
    except ValidationError as error:
        raise ValidationError({"phone": error.messages}) from error
    account.phone, account.phone_index = number, blind_index(number) if number else ""
    account.save(update_fields=["phone", "phone_index"])
    record("account", account, "set_phone", actor, now)
