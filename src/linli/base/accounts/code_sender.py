"""How a one-time code reaches a phone: the messages module plugs itself in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

_senders: list[Callable[..., None]] = []


def register_code_sender(sender: Callable[..., None]) -> None:
    """Plug in `sender(phone=, code=, key=, now=)`; a second call raises."""
    if _senders:
        raise RuntimeError("a sender of codes is plugged in already")
    _senders.append(sender)


def send_code(*, phone: str, code: str, key: str, now: datetime) -> None:
    """Hand a code to the sender; raises RuntimeError where none is plugged in."""
    if not _senders:
        raise RuntimeError("no sender of codes is plugged in")
    _senders[0](phone=phone, code=code, key=key, now=now)
