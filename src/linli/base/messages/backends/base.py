"""What the outbox asks of a gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Verdict(Enum):
    """What a gateway answered for one message."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way out; `key` is handed to the provider so that it sends it once."""

    id: int
    key: str
    phone: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer for one letter; `provider_id` is what receipts refer to later."""

    verdict: Verdict
    error: str = ""
    provider_id: str = ""


class Backend(Protocol):
    """A gateway.

    `transactional`: `send` only writes to our database and commits with the new state.
    `idempotent`: the provider sends one `key` once, so a batch cut short may be handed in again;
    where it does not, such messages are kept as uncertain and never sent a second time.
    """

    transactional: bool
    idempotent: bool

    def send(self, letters: Sequence[Letter], *, now: datetime) -> list[Outcome]:
        """Hand the letters over; return one outcome for each, in order.

        An exception means that nothing is known of any of them.
        """
        ...


def backend() -> Backend:
    """Return the gateway named in settings.MESSAGES_BACKEND."""
    made: Backend = import_string(settings.MESSAGES_BACKEND)()
    return made
