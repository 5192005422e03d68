"""The gateway of a demonstration: it sends nothing and keeps a row for each message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..models import ConsoleDelivery
from .base import Letter, Outcome, Verdict


class Console:
    """Write deliveries into our own database, in the transaction that records the new state."""

    transactional = True
    idempotent = True

    def send(self, letters: Sequence[Letter], *, now: datetime) -> list[Outcome]:
        """Record the letters; the one-to-one key makes a second delivery impossible."""
        ConsoleDelivery.objects.bulk_create(
            ConsoleDelivery(message_id=letter.id, at=now) for letter in letters
        )
        return [Outcome(Verdict.SENT)] * len(letters)
