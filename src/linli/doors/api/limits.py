"""Who asks, and whether too often."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from linli.kernel.secrets.index import blind_index

from . import actions, queries
from .models import ApiKey


class TooMany(Exception):
    """The asker's requests of this minute are used up; `seconds` until the next."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many requests; again in {seconds} s")
        self.seconds = seconds


def admit(request: HttpRequest, text: str, *, now: datetime) -> ApiKey | None:
    """Count the request and return the key it came with; None where it is unknown or missing.

    Raises TooMany. Without a good key the network it came from is counted.
    """
    key = queries.key_in_force(text, now)
    if key is not None:
        asker, most = f"k{key.pk}", key.per_minute
    else:
        sender = request.META.get("REMOTE_ADDR", "")
        asker, most = f"n{blind_index(f'from {sender}')}", settings.API_OPEN_PER_MINUTE
    if actions.count_request(asker, now=now) > most:
        raise TooMany(60 - now.second)
    if key is not None:
        actions.note_use(key, now=now)
    return key
