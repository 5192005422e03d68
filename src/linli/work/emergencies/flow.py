"""The life cycle of an emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Flow, Step, states
from linli.kernel.scope import Actor

from . import effects as e
from . import forms as f
from .models import OPEN_STATES, Emergency, EmergencyState, ReportKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = EmergencyState
COMMAND, REPORT = "emergencies.command", "emergencies.report"


def _visible(actor: Actor) -> QuerySet[Any]:
    from .queries import visible_emergencies

    return visible_emergencies(actor)


def allows(actor: Actor, permission: str, emergency: Emergency) -> bool:
    """Tell whether the actor may take steps of this permission on this emergency.

    Answering and ticking are open to all who see it: guards let only those called answer, and
    only the unit of a measure tick it off.
    """
    if actor.kind == "system":
        return True
    if permission in {"emergencies.answer", "emergencies.tick"}:
        return actor.is_staff
    return actor.can(permission, emergency.area_code)


EMERGENCY_FLOW = Flow(
    name="emergency",
    model=Emergency,
    states=dict(S.choices),
    initial=S.RAISED,
    visible=_visible,
    allows=allows,
    steps=(
        Step("answer", _("我已收到"), states(*OPEN_STATES), None, "emergencies.answer",
             guards=(e.guard_called,), effects=(e.answer,), tone="success"),
        Step("start", _("启动响应"), states(S.RAISED), S.RESPONDING, COMMAND, form=f.StartForm,
             effects=(e.start, e.clock, e.note("note")), tone="danger"),
        Step("phone_report", _("电话首报"), states(*OPEN_STATES), None, REPORT, form=f.PhoneForm,
             guards=(e.guard_no_phone,), effects=(e.report(ReportKind.PHONE), e.clock)),
        Step("written_report", _("书面首报"), states(*OPEN_STATES), None, REPORT,
             form=f.ReportForm, guards=(e.guard_no_written,),
             effects=(e.report(ReportKind.WRITTEN), e.clock)),
        Step("follow_up", _("续报"), states(*OPEN_STATES), None, REPORT, form=f.ReportForm,
             guards=(e.guard_written,), effects=(e.report(ReportKind.FOLLOW_UP), e.clock)),
        Step("tick", _("措施完成"), states(S.RESPONDING), None, "emergencies.tick",
             form=f.TickForm, guards=(e.guard_measure,), effects=(e.tick, e.note("note"))),
        Step("add_measure", _("增加措施"), states(S.RESPONDING), None, COMMAND,
             form=f.MeasureForm, effects=(e.add_measure, e.note("text")), tone="secondary"),
        Step("regrade", _("调整等级"), states(*OPEN_STATES), None, COMMAND, form=f.RegradeForm,
             effects=(e.regrade, e.note("note")), tone="warning"),
        Step("stand_down", _("解除响应"), states(S.RESPONDING), S.ENDED, COMMAND,
             form=f.ReportForm, guards=(e.guard_written,),
             effects=(e.report(ReportKind.FINAL), e.end, e.clock), tone="success"),
        Step("withdraw", _("误报撤销"), states(*OPEN_STATES), S.WITHDRAWN, COMMAND,
             form=f.ReasonForm, effects=(e.end, e.clock, e.note("note")), tone="outline-danger"),
        Step("review", _("总结评估"), states(S.ENDED), S.REVIEWED, COMMAND, form=f.ReviewForm,
             effects=(e.review, e.note("cause", "good", "bad", "mend"))),
    ),
)  # fmt: skip
