"""How the ledger of mediations is counted, and the indicators that follow."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from linli.base.indicators.models import STOCK
from linli.base.indicators.registry import Delta, Fact, Indicator

from .models import GOING_ON

FOLD_VERSION = 1
# Ends of mediation that was accepted; who never agreed to it did not fail in it.
CONCLUDED = ("agreed", "failed", "withdrawn")


def fold(fact: Fact) -> Iterator[Delta]:
    """Count each step, how accepted mediations ended, obligations and rulings."""
    data = fact.data
    if fact.verb == "move_area":
        yield Delta("mediation.open_now", STOCK, -1, data["was_area"])
        yield Delta("mediation.open_now", STOCK)
        return
    yield Delta(f"mediation.{fact.verb}", fact.day)
    was, now = data.get("from"), data.get("to")
    if fact.verb == "open":
        yield Delta("mediation.open_now", STOCK)
    elif was in GOING_ON and now is not None and now not in GOING_ON:
        yield Delta("mediation.open_now", STOCK, -1)
    if was in {"accepted", "mediating"} and now in CONCLUDED:
        yield Delta("mediation.concluded", fact.day)
        if data.get("on_time") is True:
            yield Delta("mediation.in_time", fact.day)
    if now in {"performed", "unperformed"}:
        yield Delta("mediation.settled", fact.day)
    if data.get("result") == "confirmed":
        yield Delta("mediation.confirmed", fact.day)


INDICATORS = (
    Indicator("mediation.accepted", _("人民调解受理数"), "", "up", numerator=("mediation.accept",),
              formula=_("受理的人民调解件数")),
    Indicator("mediation.success", _("调解成功率"), "%", "up",
              numerator=("mediation.conclude",), denominator=("mediation.concluded",),
              formula=_("达成协议 ÷（达成协议 + 调解不成 + 受理后撤回）")),
    Indicator("mediation.kept", _("调解按期率"), "%", "up",
              numerator=("mediation.in_time",), denominator=("mediation.concluded",),
              formula=_("期限内结束的调解 ÷ 结束的调解")),
    Indicator("mediation.performance", _("协议履行率"), "%", "up",
              numerator=("mediation.finish",), denominator=("mediation.settled",),
              formula=_("履行完毕的协议 ÷（履行完毕 + 未履行终结）")),
    Indicator("mediation.court", _("司法确认率"), "%", "up",
              numerator=("mediation.confirmed",), denominator=("mediation.apply",),
              formula=_("法院确认有效 ÷ 申请司法确认")),
)  # fmt: skip
