"""Informants are protected: who reported stands on the case alone, shown to named roles alone.

Reports 举报 are protected by themselves, other matters where the reporter asks for it (GB/T
33358-2016: confidential work orders on request). What follows: no name in lists, exports,
timeline or ledger; a text that says nothing to the phone; no call-back and no contact by the
unit that handles it; each look recorded with its reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linli.kernel.scope import Actor

if TYPE_CHECKING:
    from ..models import Case


def may_know_informant(actor: Actor, case: Case) -> bool:
    """Tell whether the actor's role carries the right to learn who reported a protected case."""
    return actor.kind == "staff" and actor.can("cases.informant", case.area_code)


def recorded_as(actor: Actor, case: Case) -> Actor:
    """Return whom the ledger names: of a protected reporter, that it was one, and not who."""
    if case.protected and actor.kind == "resident":
        return replace(actor, account_id=None, name="")
    return actor
