"""What residents may allow or refuse: each purpose with its basis in law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Purpose:
    """One use of personal data that is not the community's duty alone.

    `asks`: nothing happens before consent was given (Personal Information Protection Law,
    article 13 (1)); without it the use rests on another basis and goes on until refused.
    `sensitive`: consent of its own is needed (article 29). `effect` says what ends with it.
    """

    key: str
    label: Any
    text: Any
    basis: Any
    effect: Any
    asks: bool = True
    sensitive: bool = False


_PURPOSES: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Plug in a purpose; call it from AppConfig.ready(). A duplicate raises."""
    if purpose.key in _PURPOSES:
        raise RuntimeError(f"purpose {purpose.key} stands twice")
    _PURPOSES[purpose.key] = purpose


def all_purposes() -> list[Purpose]:
    """Return every purpose, by key."""
    return [_PURPOSES[key] for key in sorted(_PURPOSES)]


def purpose_of(key: str) -> Purpose:
    """Return one purpose; raises KeyError."""
    return _PURPOSES[key]
