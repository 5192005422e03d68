"""How the ledger of sub-tasks is counted, and the indicators that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from linli.base.indicators.models import STOCK
from linli.base.indicators.registry import Delta, Fact, Indicator

from .models import ENDED_STATES, TaskKind

FOLD_VERSION = 1


def fold_of(kind: str) -> Callable[[Fact], Iterator[Delta]]:
    """Return how entries of one kind are counted: opened, each verb, kept clocks, open now."""

    def fold(fact: Fact) -> Iterator[Delta]:
        if fact.verb == "move_area":  # the area it lies in was succeeded; nothing was done
            yield Delta(f"{kind}.open_now", STOCK, -1, fact.data["was_area"])
            yield Delta(f"{kind}.open_now", STOCK)
            return
        yield Delta(f"{kind}.{fact.verb}", fact.day)
        if fact.verb == "open":
            yield Delta(f"{kind}.open_now", STOCK)
        elif fact.data.get("to") in ENDED_STATES:
            yield Delta(f"{kind}.open_now", STOCK, -1)
        if fact.data.get("on_time") is True:
            yield Delta(f"{kind}.{fact.verb}_on_time", fact.day)

    return fold


FOLDS = {kind.value: fold_of(kind.value) for kind in TaskKind}


def _rate(
    code: str, name: Any, better: Literal["up", "down"], upper: str, lower: str, formula: Any,
    target: float | None = None,
) -> Indicator:  # fmt: skip
    return Indicator(
        code, name, "%", better, numerator=(upper,), denominator=(lower,), formula=formula,
        target=target,
    )  # fmt: skip


INDICATORS = (
    _rate("whistle.signed", _("应哨及时率"), "up", "whistle.sign_in_on_time", "whistle.sign_in",
          _("2个工作小时内签到 ÷ 已签到"), 95),
    _rate("co_handling.kept", _("协办按时率"), "up", "co_handling.finish_on_time",
          "co_handling.finish", _("时限内完成协办 ÷ 已完成协办"), 90),
    _rate("extension.granted", _("延期率"), "down", "extension.grant", "case.dispatched",
          _("同意延期 ÷ 首次派遣"), 10),
    _rate("suspension.granted", _("挂账率"), "down", "suspension.grant", "case.dispatched",
          _("同意挂账 ÷ 首次派遣"), 5),
    _rate("supervision.kept", _("督办按时答复率"), "up", "supervision.answer_on_time",
          "supervision.answer", _("期限内答复 ÷ 已答复督办"), 95),
    _rate("mend.contacted", _("低分联系及时率"), "up", "mend.contact_on_time", "mend.contact",
          _("1个工作日内联系 ÷ 已联系"), 95),
)  # fmt: skip
