"""Telling residents what became of their record: the messages module plugs in how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..accounts.models import Account

# (account, template, parameters, key, now, link)
Teller = Callable[[Account, str, dict[str, str], str, datetime, str], None]

_teller: list[Teller] = []
# (resident's phone, their account if any, template, parameters, key, purpose, now)
Texter = Callable[[str, Account | None, str, dict[str, str], str, str, datetime], None]
_texter: list[Texter] = []


def register_texter(function: Texter) -> None:
    """Plug in how a resident is sent a text they may refuse; a second call raises."""
    if _texter:
        raise RuntimeError("how residents are sent texts is plugged in already")
    _texter.append(function)


def text(
    phone: str,
    account: Account | None,
    template: str,
    params: dict[str, str],
    *,
    key: str,
    purpose: str,
    now: datetime,
) -> None:
    """Send a text once for `key`, as far as consent to `purpose` reaches."""
    if _texter and phone:
        _texter[0](phone, account, template, params, key, purpose, now)


def register_teller(function: Teller) -> None:
    """Plug in how a resident is told; a second call raises."""
    if _teller:
        raise RuntimeError("how residents are told is plugged in already")
    _teller.append(function)


def tell(
    account: Account, template: str, params: dict[str, str], *, key: str, now: datetime, link: str
) -> None:
    """Tell a resident once for `key`; silent where nothing is plugged in."""
    if _teller:
        _teller[0](account, template, params, key, now, link)
