"""One-time codes for residents' phones."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import SYSTEM
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.phones import normalise_phone

from ..code_sender import send_code
from ..models import Account, LoginCode, UnknownName
from .people import create_resident

LASTS = timedelta(minutes=5)
PAUSE = timedelta(seconds=60)
PER_HOUR, TRIES = 5, 5
PER_SENDER_HOUR = 60  # a whole office or café may share one address


class CodeRefused(Exception):
    """A code was not sent or not taken; `str()` says why."""


def issue_code(*, phone: str, now: datetime, sender: str = "") -> str:
    """Send a new six-digit code to the phone and return it (only a demonstration shows it).

    The codes sent before stop working. `sender` is the network address that asks. Raises
    ValidationError for a bad number and CodeRefused where one was sent less than a minute ago,
    five in the last hour, or sixty to the same address.
    """
    number = normalise_phone(phone)
    index = blind_index(number)
    with transaction.atomic():
        with connection.cursor() as cursor:  # one request at a time for each phone
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [index])
        hour = LoginCode.objects.filter(created_at__gt=now - timedelta(hours=1))
        recent = list(hour.filter(phone_index=index).order_by("-id"))
        source = blind_index(f"from {sender}") if sender else ""
        if source and hour.filter(sender_index=source).count() >= PER_SENDER_HOUR:
            raise CodeRefused(_("本网络取验证码次数太多，请稍后再试。"))
        if recent and now - recent[0].created_at < PAUSE:
            wait = int((PAUSE - (now - recent[0].created_at)).total_seconds()) + 1
            raise CodeRefused(_("验证码刚发出，请%(n)d秒后再取。") % {"n": wait})
        if len(recent) >= PER_HOUR:
            raise CodeRefused(_("一小时内取验证码次数太多，请稍后再试或拨打社区电话。"))
        code = f"{secrets.randbelow(1_000_000):06d}"
        LoginCode.objects.filter(phone_index=index, used_at=None).update(used_at=now)
        row = LoginCode.objects.create(
            phone_index=index,
            code_hash=blind_index(index + code),
            created_at=now,
            expires_at=now + LASTS,
            sender_index=source,
        )
        send_code(phone=number, code=code, key=f"login-code:{row.pk}", now=now)
    return code


def check_code(*, phone: str, code: str, now: datetime) -> Account:
    """Return the resident's account for a right code, made where the phone is new.

    Raises CodeRefused for a wrong, used or expired code, and ValidationError for a bad number.
    """
    number = normalise_phone(phone)
    index = blind_index(number)
    reason = ""
    with transaction.atomic():
        row = (
            LoginCode.objects.select_for_update()
            .filter(phone_index=index, used_at=None)
            .order_by("-id")
            .first()
        )
        if row is None:
            reason = _("验证码已失效，请重新获取。")
        elif row.expires_at < now:
            reason = _("验证码已过期（5分钟内有效），请重新获取。")
        elif row.tries >= TRIES:
            reason = _("错误次数太多，这个验证码已作废，请重新获取。")
        elif not hmac.compare_digest(row.code_hash, blind_index(index + code.strip())):
            row.tries += 1
            row.save(update_fields=["tries"])
            left = TRIES - row.tries
            reason = _("验证码不对，还可以试%(n)d次。") % {"n": left}
        else:
            row.used_at = now
            row.save(update_fields=["used_at"])
    if reason:
        raise CodeRefused(reason)
    account = create_resident(actor=SYSTEM, now=now, phone=number)
    if not account.is_active:
        raise CodeRefused(_("此账户已停用，请联系所在社区。"))
    return account


def forget_old_codes(*, now: datetime) -> int:
    """Delete codes and failed names of more than a day ago; return how many rows went."""
    edge = now - timedelta(days=1)
    codes, _counts = LoginCode.objects.filter(created_at__lt=edge).delete()
    names, _counts = UnknownName.objects.filter(last_at__lt=edge).delete()
    return codes + names
