"""Read the process environment once, with types and clear errors."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class EnvError(RuntimeError):
    """An environment variable has a value that cannot be used."""


def text(name: str, default: str = "") -> str:
    """Return the variable, or the default where it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Return a yes/no variable; anything but 1/0, true/false, yes/no, on/off raises."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise EnvError(f"{name} must be 1 or 0, not {raw!r}")


def number(name: str, default: int) -> int:
    """Return a whole number."""
    raw = text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError as error:
        raise EnvError(f"{name} must be a whole number, not {raw!r}") from error


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list."""
    raw = text(name)
    return [part.strip() for part in raw.split(",") if part.strip()] if raw else list(default)


def home() -> Path:
    """Return the data folder: database cluster, uploads, collected files, key file."""
    return Path(text("LINLI_HOME", str(ROOT / ".linli"))).resolve()
