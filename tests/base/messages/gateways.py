"""Gateways for tests: one that dies, one that keeps what it was given, one that fails."""

from __future__ import annotations

import os
import signal

from linli.base.messages.backends import Outcome, Verdict
from linli.base.messages.backends.console import Console


class Dying(Console):
    """Writes a batch, then the process is killed before it can commit."""

    def send(self, letters, *, now):
        super().send(letters, now=now)
        os.kill(os.getpid(), signal.SIGKILL)


class Remote:
    """A provider outside our database."""

    transactional = False
    idempotent = True
    handed: list[str] = []
    answer = Outcome(Verdict.SENT, provider_id="p1")

    def send(self, letters, *, now):
        type(self).handed += [letter.key for letter in letters]
        return [self.answer for _ in letters]


class Careless(Remote):
    """A provider that does not look at keys, and breaks."""

    idempotent = False

    def send(self, letters, *, now):
        raise TimeoutError("no answer")


class Busy(Remote):
    """A provider that asks to come again."""

    answer = Outcome(Verdict.RETRY, error="busy")
