"""How the ledger of cases is counted, and the indicators that follow.

Days: what was done counts on the day it was done; what fell due counts on the day it fell due,
so that a rate's denominator holds only what fell due in the period. Cases that are settled on
the spot were never due. All deltas are additive, so the order of entries does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from linli.base.indicators.models import STOCK
from linli.base.indicators.registry import Delta, Fact, Histogram, Indicator

from .models import OPEN_STATES, Adoption

FOLD_VERSION = 3
ZONE = ZoneInfo("Asia/Shanghai")
GRADES = (1, 2, 3, 4, 5)

# Handling time in working minutes, in buckets that each reach 1.41 times as far as the one before:
# 5, 7, 10, 14, 20 ... 28,963; so medians and percentiles are right to within that factor.
HANDLING = Histogram("case.minutes", tuple(round(5 * 2 ** (step / 2)) for step in range(26)))

OPEN = "case.open"
CLOCK = "case.clock"  # open cases by the day on which their running clock ends


def fold(fact: Fact) -> Iterator[Delta]:
    """Yield what one entry adds to the measures."""
    data = fact.data
    yield from _states(fact)
    yield from _clock(fact)
    if data.get("from") == "registered" and fact.verb != "thank":
        yield from _reaction(fact)
    counted = _BY_VERB.get(fact.verb)
    if counted is not None:
        yield from counted(fact)


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(ZONE).date()


def _states(fact: Fact) -> Iterator[Delta]:
    """Keep the number of open cases by state; a corrected place moves the case along."""
    data = fact.data
    was, now = data.get("from"), data.get("to")
    was_area = data.get("was_area")
    if was is None and now is None:
        if was_area and data.get("state") in OPEN_STATES:
            was = now = data["state"]
        else:
            return
    if was in OPEN_STATES:
        yield Delta(OPEN, STOCK, -1, was_area)
        yield Delta(f"{OPEN}.{was}", STOCK, -1, was_area)
    if now in OPEN_STATES:
        yield Delta(OPEN, STOCK, 1)
        yield Delta(f"{OPEN}.{now}", STOCK, 1)


def _clock(fact: Fact) -> Iterator[Delta]:
    """Keep open cases by the day on which the clock that runs now will end."""
    data = fact.data
    if data.get("was_clock"):
        yield Delta(CLOCK, _day(data["was_clock"]), -1, data.get("was_area"))
    clock = data.get("accept_due") if fact.verb == "register" else data.get("clock")
    if clock:
        yield Delta(CLOCK, _day(clock), 1)


def _register(fact: Fact) -> Iterator[Delta]:
    data = fact.data
    yield Delta("case.registered", fact.day)
    for kind in ("top", "nature", "channel"):
        if data.get(kind):
            yield Delta(f"case.registered.{kind}.{data[kind]}", fact.day)
    if data.get("accept_due"):
        yield Delta("case.accept_due", _day(data["accept_due"]))


def _reaction(fact: Fact) -> Iterator[Delta]:
    """Count the first answer to a registered case: accepted, declined or settled at once."""
    data = fact.data
    due = data.get("was_clock")
    if fact.verb == "accept" and "on_time" in data:
        in_time = bool(data["on_time"])
    else:
        in_time = due is None or fact.at <= datetime.fromisoformat(due)
    if in_time:
        yield Delta("case.accept_on_time", _day(due) if due else fact.day)


def _decline(fact: Fact) -> Iterator[Delta]:
    yield Delta("case.declined", fact.day)


def _dispatch(fact: Fact) -> Iterator[Delta]:
    data = fact.data
    if not data.get("redispatch"):
        yield Delta("case.dispatched", fact.day)
    if data.get("contact_due"):
        yield Delta("case.contact_due", _day(data["contact_due"]))
    yield from _moved_due(fact)


def _moved_due(fact: Fact) -> Iterator[Delta]:
    """Count a case on the day it falls due; a new limit or place takes it off the old one."""
    data = fact.data
    if data.get("was_due"):
        yield Delta("case.due", _day(data["was_due"]), -1, data.get("was_area"))
    if data.get("due"):
        yield Delta("case.due", _day(data["due"]))


def _merge(fact: Fact) -> Iterator[Delta]:
    """Take a merged case off what falls due; taken out again, it is put back."""
    data = fact.data
    yield Delta("case.merged", fact.day, 1 if fact.verb == "merge" else -1)
    yield from _moved_due(fact)
    if data.get("was_contact_due"):
        yield Delta("case.contact_due", _day(data["was_contact_due"]), -1)
    if data.get("contact_due"):
        yield Delta("case.contact_due", _day(data["contact_due"]))


def _move_area(fact: Fact) -> Iterator[Delta]:
    """Take what is still to fall due along with an open case whose area was succeeded."""
    was = fact.data["was_area"]
    for name in ("accept_due", "contact_due"):
        if fact.data.get(name):
            yield Delta(f"case.{name}", _day(fact.data[name]), -1, was)
            yield Delta(f"case.{name}", _day(fact.data[name]), 1)
    yield from _moved_due(fact)


def _contact(fact: Fact) -> Iterator[Delta]:
    yield Delta("case.contacted", fact.day)
    if fact.data.get("on_time") and fact.data.get("due"):
        yield Delta("case.contact_on_time", _day(fact.data["due"]))


def _close(fact: Fact) -> Iterator[Delta]:
    data = fact.data
    yield Delta("case.closed", fact.day)
    if data.get("from") == "done":
        yield Delta("case.checks", fact.day)
    if data.get("settled_on_spot"):
        yield Delta("case.settled", fact.day)
    if data.get("due"):
        due = _day(data["due"])
        yield Delta("case.due_closed", due)
        if data.get("on_time"):
            yield Delta("case.closed_on_time", due)
    if data.get("minutes") is not None:
        yield Delta(HANDLING.measure(int(data["minutes"])), fact.day)

    if data.get("adoption"):
        yield Delta(f"case.adoption.{data['adoption']}", fact.day)
    if fact.verb == "answer":
        yield Delta("case.answered", fact.day)
        if data.get("at_once"):
            yield Delta("case.answered_at_once", fact.day)


def _thank(fact: Fact) -> Iterator[Delta]:
    """Praise is counted for itself and among what was closed; it never falls due."""
    yield Delta("case.closed", fact.day)
    yield Delta("case.praise", fact.day)


def _send_back(fact: Fact) -> Iterator[Delta]:
    yield Delta("case.checks", fact.day)
    yield Delta("case.rework", fact.day)


def _call_back(fact: Fact) -> Iterator[Delta]:
    yield Delta("case.call_backs", fact.day)
    if fact.data.get("reached"):
        yield Delta("case.call_backs_reached", fact.day)
    yield from _opinion(fact)


def _opinion(fact: Fact) -> Iterator[Delta]:
    """Count what the resident says; a later answer takes the earlier one's place."""
    data = fact.data
    grade, was_grade = data.get("rating"), data.get("was_rating")
    if grade in GRADES:
        if was_grade in GRADES:
            yield Delta(f"case.rated.{was_grade}", fact.day, -1)
        yield Delta(f"case.rated.{grade}", fact.day)
    solved, was_solved = data.get("solved"), data.get("was_solved")
    if solved is None:
        return
    if was_solved is None:
        yield Delta("case.solved_asked", fact.day)
    if (change := int(bool(solved)) - int(bool(was_solved))) != 0:
        yield Delta("case.solved", fact.day, change)


def _counted(name: str) -> Callable[[Fact], Iterator[Delta]]:
    def count(fact: Fact) -> Iterator[Delta]:
        yield Delta(name, fact.day)

    return count


_BY_VERB: dict[str, Callable[[Fact], Iterator[Delta]]] = {
    "register": _register,
    "decline": _decline,
    "dispatch": _dispatch,
    "extend": _moved_due,
    "resume": _moved_due,
    "merge": _merge,
    "unmerge": _merge,
    "move_area": _move_area,
    "contact": _contact,
    "close": _close,
    "settle": _close,
    "answer": _close,
    "thank": _thank,
    "send_back": _send_back,
    "call_back": _call_back,
    "rate": _opinion,
    "ask_return": _counted("case.returns_asked"),
    "grant_return": _counted("case.returns_granted"),
    "refuse_return": _counted("case.returns_refused"),
}

ADOPTIONS = tuple(f"case.adoption.{decision}" for decision in Adoption.values)
RATED = tuple(f"case.rated.{grade}" for grade in GRADES)


def _rate(code: str, name: Any, better: Literal["up", "down"], **more: Any) -> Indicator:
    return Indicator(f"case.{code}", name, "%", better, **more)


INDICATORS = (
    _rate("acceptance", _("按时受理率"), "up", target=95,
          numerator=("case.accept_on_time",), denominator=("case.accept_due",),
          formula=_("受理时限内答复 ÷ 期内受理时限届满")),
    _rate("on_time", _("按期办结率"), "up", target=90, source="CJ/T 315-2009",
          numerator=("case.closed_on_time",), denominator=("case.due",),
          formula=_("时限内办结 ÷ 期内应办结（办理时限届满）")),
    _rate("closing", _("办结率"), "up", target=95, source="CJ/T 315-2009",
          numerator=("case.due_closed",), denominator=("case.due",),
          formula=_("已办结 ÷ 期内应办结（办理时限届满）")),
    _rate("response", _("响应率"), "up", target=95,
          numerator=("case.contact_on_time",), denominator=("case.contact_due",),
          formula=_("时限内首次联系反映人 ÷ 期内应联系")),
    _rate("satisfaction", _("满意率"), "up", target=85,
          numerator=RATED[3:], denominator=RATED,
          formula=_("（非常满意＋满意）÷ 已评价")),
    _rate("resolution", _("解决率"), "up", target=80,
          numerator=("case.solved",), denominator=("case.solved_asked",),
          formula=_("反映人答“已解决” ÷ 已答复")),
    _rate("rework", _("返工率"), "down", target=5, source="CJ/T 315-2009",
          numerator=("case.rework",), denominator=("case.checks",),
          formula=_("核查退回 ÷ 核查")),
    _rate("returns", _("退单率"), "down", target=10,
          numerator=("case.returns_asked",), denominator=("case.dispatched",),
          formula=_("申请退单 ÷ 首次派遣")),
    _rate("answered", _("咨询当即答复率"), "up",
          numerator=("case.answered_at_once",),
          denominator=("case.registered.nature.consultation",),
          formula=_("登记时用知识库答复的咨询 ÷ 登记的咨询")),
    _rate("adoption", _("建议采纳率"), "up",
          numerator=ADOPTIONS[:2], denominator=ADOPTIONS,
          formula=_("（已采纳＋部分采纳）÷ 已答复的建议")),
    Indicator("case.praise", _("表扬件数"), _("件"), "up", numerator=("case.praise",),
              formula=_("期内登记的表扬，不计入办结和评价各率")),
)  # fmt: skip

# What sheets may take from here instead of asking: key, name, other titles, measures.
KNOWN = (
    ("case.registered", _("本年工单件数"),
     ("工单件数", "工单数", "群众诉求件数", "受理诉求件数", "本年工单件数"), ("case.registered",)),
    ("case.closed", _("本年办结工单件数"),
     ("办结工单件数", "办结件数", "办结工单数", "本年办结工单件数"), ("case.closed",)),
    ("mediation.accepted", _("本年人民调解受理件数"),
     ("人民调解件数", "调解受理件数", "矛盾纠纷调解件数", "调解纠纷件数", "本年人民调解受理件数"),
     ("mediation.accept",)),
    ("case.praise", _("本年表扬件数"), ("表扬件数", "本年表扬件数"), ("case.praise",)),
)  # fmt: skip
