"""Where a page of a list begins: a cursor in the address, signed, so that none can be made up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core import signing

SALT = "linli.listing.cursor"


class BadCursor(ValueError):
    """The cursor was changed by hand or belongs to another list or order."""


def encode(sort: str, value: Any, pk: int, backwards: bool) -> str:
    """Return the cursor for the row with this sort value and key."""
    shown = value.isoformat() if isinstance(value, date | datetime) else value
    kind = "t" if isinstance(value, datetime) else "d" if isinstance(value, date) else "v"
    return signing.dumps([sort, kind, shown, pk, int(backwards)], salt=SALT)


def decode(text: str, sort: str) -> tuple[Any, int, bool]:
    """Return (sort value, key, backwards) of a cursor of this order; raises BadCursor."""
    try:
        stored, kind, shown, pk, backwards = signing.loads(text, salt=SALT)
        if stored != sort:
            raise BadCursor(text)
        if shown is not None and kind == "t":
            shown = datetime.fromisoformat(shown)
        elif shown is not None and kind == "d":
            shown = date.fromisoformat(shown)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor(text) from error
    return shown, pk, bool(backwards)
