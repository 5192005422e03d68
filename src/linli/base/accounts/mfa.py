"""The second factor of staff: a time-based code, kept by allauth, sealed by our own keys."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    validate_totp_code,
)
from allauth.mfa.utils import decrypt

from linli.kernel.secrets.cipher import seal, unseal

from .models import Account

ISSUER = "Linli"
PERIOD = 30


class SealedMFAAdapter(DefaultMFAAdapter):
    """Seal the shared secrets before they are stored."""

    def encrypt(self, text: str) -> str:
        """Return the sealed secret as text."""
        return base64.b64encode(seal(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the open secret."""
        return unseal(base64.b64decode(encrypted_text))


def has_second_factor(account: Account) -> bool:
    """Tell whether the account has enrolled a time-based code."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def new_secret() -> str:
    """Return a fresh shared secret."""
    return str(generate_totp_secret())


def secret_uri(account: Account, secret: str) -> str:
    """Return the address that an authenticator app reads from a QR code."""
    return f"otpauth://totp/{ISSUER}:{account.username}?secret={secret}&issuer={ISSUER}"


def enrol(account: Account, secret: str, code: str) -> list[str] | None:
    """Keep the secret where the code proves it arrived; return recovery codes, else None."""
    if not validate_totp_code(secret, code):
        return None
    TOTP.activate(account, secret)
    return list(RecoveryCodes.activate(account).get_unused_codes())


def check_second_factor(account: Account, code: str, now: datetime) -> bool:
    """Tell whether the code is right: a time-based one, or a recovery code (each once).

    The caller holds the account's row lock; the last period used is kept with the secret, so a
    code works once, whichever process checks it.
    """
    typed = code.strip()
    for row in Authenticator.objects.filter(
        user=account, type__in=(Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    ):
        totp = row.type == Authenticator.Type.TOTP
        if _fresh_period(row, typed, now) if totp else row.wrap().validate_code(typed):
            row.last_used_at = now
            row.save(update_fields=["last_used_at", "data"] if totp else ["last_used_at"])
            return True
    return False


def _fresh_period(row: Authenticator, code: str, now: datetime) -> bool:
    secret, last = decrypt(row.data["secret"]), row.data.get("last_period", 0)
    present = int(now.timestamp()) // PERIOD
    for period in (present - 1, present, present + 1):
        right = format_hotp_value(hotp_value(secret, period))
        if period > last and hmac.compare_digest(right.encode(), code.encode()):
            row.data["last_period"] = period
            return True
    return False
