"""How the ledger of emergencies is counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from linli.base.indicators.models import STOCK
from linli.base.indicators.registry import Delta, Fact, Indicator

from .models import OPEN_STATES

FOLD_VERSION = 2


def fold(fact: Fact) -> Iterator[Delta]:
    """Count each verb, kept report clocks, and how many go on."""
    if fact.verb == "move_area":  # its area was succeeded; nothing was done
        if fact.data["state"] in OPEN_STATES:
            yield Delta("emergency.open_now", STOCK, -1, fact.data["was_area"])
            yield Delta("emergency.open_now", STOCK)
        return
    yield Delta(f"emergency.{fact.verb}", fact.day)
    if fact.verb == "raise":
        yield Delta("emergency.open_now", STOCK)
    elif fact.data.get("from") in OPEN_STATES and fact.data.get("to") not in OPEN_STATES:
        yield Delta("emergency.open_now", STOCK, -1)
    if fact.data.get("on_time") is True:
        yield Delta(f"emergency.{fact.verb}_on_time", fact.day)


INDICATORS = (
    Indicator(
        "emergency.phone_kept", _("突发首报及时率"), "%", "up",
        numerator=("emergency.phone_report_on_time",), denominator=("emergency.phone_report",),
        formula=_("限时内电话首报 ÷ 电话首报"), target=100,
    ),
    Indicator(
        "emergency.written_kept", _("突发书面首报及时率"), "%", "up",
        numerator=("emergency.written_report_on_time",), denominator=("emergency.written_report",),
        formula=_("限时内书面首报 ÷ 书面首报"), target=100,
    ),
)  # fmt: skip
