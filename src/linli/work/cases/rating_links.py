"""Links with which a reporter rates one case without logging in: signed, and good for some days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.http import base36_to_int, int_to_base36

HOUR = 3600


def _signer() -> Signer:
    return Signer(salt="linli.cases.rating", sep=".")


def token_for(case_id: int, now: datetime) -> str:
    """Return the token of a case; it says nothing but which case and until when."""
    until = now + timedelta(days=settings.RATE_LINK_DAYS)
    hours = int(until.timestamp()) // HOUR
    return _signer().sign(f"{int_to_base36(case_id)}-{int_to_base36(hours)}")


def read_token(token: str) -> tuple[int, datetime] | None:
    """Return the case of a token and until when it holds; None for one that is not ours."""
    try:
        case, until = _signer().unsign(token).split("-")
        pk, at = base36_to_int(case), base36_to_int(until) * HOUR
    except (BadSignature, ValueError):
        return None
    return pk, datetime.fromtimestamp(at, tz=UTC)
