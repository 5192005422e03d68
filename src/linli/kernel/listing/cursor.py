"""Where a page of a list begins: a cursor in the address, checked before it is used."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime
from typing import Any


class BadCursor(ValueError):
    """The cursor was changed by hand or belongs to another list or order."""


def encode(sort: str, value: Any, pk: int, backwards: bool) -> str:
    """Return the cursor for the row with this sort value and key."""
    shown = value.isoformat() if isinstance(value, date | datetime) else value
    kind = "t" if isinstance(value, datetime) else "d" if isinstance(value, date) else "v"
    body = json.dumps([sort, kind, shown, pk, int(backwards)], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def decode(text: str, sort: str) -> tuple[Any, int, bool]:
    """Return (sort value, key, backwards); raises BadCursor."""
    try:
        body = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        stored, kind, shown, pk, backwards = json.loads(body)
        if stored != sort or not isinstance(pk, int) or isinstance(pk, bool):
            raise BadCursor(text)
        if shown is not None and kind == "t":
            shown = datetime.fromisoformat(shown)
        elif shown is not None and kind == "d":
            shown = date.fromisoformat(shown)
        elif isinstance(shown, list | dict):
            raise BadCursor(text)
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise BadCursor(text) from error
    return shown, pk, bool(backwards)
