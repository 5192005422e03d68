"""The life cycle of a mediation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Effect, Flow, Guard, Step, states
from linli.kernel.scope import Actor

from . import effects as e
from . import forms as f
from . import forms_after as a
from . import guards as g
from .models import RUNNING, Mediation, MediationState

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import Form

S = MediationState
MEDIATE = "cases.mediate"


def _visible(actor: Actor) -> QuerySet[Any]:
    from .queries import visible_mediations

    return visible_mediations(actor)


def allows(actor: Actor, permission: str, mediation: Mediation) -> bool:
    """Tell whether the actor may take steps of this permission on this mediation.

    Mediators are those whose role carries it within the area; whom a party objected to is kept
    out by a rule of every step.
    """
    return actor.kind == "system" or actor.can(permission, mediation.area_code)


def _step(
    name: str, label: Any, sources: frozenset[str], target: str | None, *,
    form: type[Form] | None = None, guards: tuple[Guard, ...] = (),
    effects: tuple[Effect, ...] = (), tone: str = "primary",
) -> Step:  # fmt: skip
    """Make a step that someone a party objected to cannot take."""
    return Step(
        name, label, sources, target, MEDIATE, form=form, guards=(g.not_recused, *guards),
        effects=effects, tone=tone,
    )  # fmt: skip


OPEN, TALKS, AFTER = states(*RUNNING), states(S.ACCEPTED, S.MEDIATING), states(S.AGREED)
COURT = states(S.AGREED, S.PERFORMED)
MEDIATION_FLOW = Flow(
    name="mediation",
    model=Mediation,
    states=dict(S.choices),
    initial=S.REGISTERED,
    visible=_visible,
    allows=allows,
    steps=(
        _step("consent", _("登记同意调解"), OPEN, None, form=f.ConsentForm, effects=(e.consent,)),
        _step("accept", _("受理，开始调解"), states(S.REGISTERED), S.ACCEPTED, form=f.AcceptForm,
              guards=(g.all_consent, g.mediator_free), effects=(e.accept,)),
        _step("refuse", _("一方不同意，不受理"), states(S.REGISTERED), S.DECLINED,
              form=f.RefuseForm, effects=(e.of_party, e.advise, e.end, e.note("note")),
              tone="danger"),
        _step("hold", _("记录一次调解"), TALKS, S.MEDIATING, form=f.MeetingForm,
              guards=(g.after_opening,), effects=(e.hold,)),
        _step("draft", _("起草协议"), states(S.MEDIATING), None, form=f.DraftForm,
              guards=(g.unsigned,), effects=(e.draft,)),
        _step("oblige", _("增加一项履行义务"), states(S.MEDIATING), None, form=f.ObligationForm,
              guards=(g.unsigned,), effects=(e.oblige,), tone="secondary"),
        _step("drop", _("删去一项义务"), states(S.MEDIATING), None, form=f.DropForm,
              guards=(g.unsigned,), effects=(e.drop,), tone="outline-danger"),
        _step("sign", _("登记当事人签名"), states(S.MEDIATING), None, form=f.SignForm,
              guards=(g.drafted, g.all_consent), effects=(e.sign,)),
        _step("unsign", _("撤销签名，重新起草"), states(S.MEDIATING), None, form=f.UnsignForm,
              guards=(g.signed,), effects=(e.unsign, e.note("note")), tone="outline-danger"),
        _step("conclude", _("达成协议，生效"), states(S.MEDIATING), S.AGREED,
              form=f.ConcludeForm, guards=(g.all_consent, g.ready), effects=(e.conclude,),
              tone="success"),
        _step("add_party", _("增加当事人"), OPEN, None, form=f.PartyForm,
              guards=(g.room_for_party, g.unsigned), effects=(e.add_party,), tone="secondary"),
        _step("change", _("更换调解员或回避"), TALKS, None, form=f.ChangeForm,
              guards=(g.mediator_free,), effects=(e.change, e.note("note")), tone="warning"),
        _step("extend", _("延长调解期限"), TALKS, None, form=f.ExtendForm,
              effects=(e.extend, e.note("note")), tone="warning"),
        _step("fail", _("调解不成，终止"), TALKS, S.FAILED, form=a.FailForm,
              effects=(e.stop, e.advise, e.end, e.note("note")), tone="danger"),
        _step("withdraw", _("当事人撤回"), OPEN, S.WITHDRAWN, form=a.WithdrawForm,
              effects=(e.stop, e.of_party, e.end, e.note("note")), tone="outline-danger"),
        _step("perform", _("登记履行情况"), AFTER, None, form=a.PerformForm,
              effects=(e.perform_one, e.note("note"))),
        _step("visit", _("记录回访"), COURT, None, form=a.VisitForm, effects=(e.note("note"),)),
        _step("finish", _("履行完毕，结案"), AFTER, S.PERFORMED, guards=(g.all_performed,),
              effects=(e.end,), tone="success"),
        _step("apply", _("申请司法确认"), COURT, None, form=a.CourtForm,
              guards=(g.in_court_time,), effects=(e.ask_court,)),
        _step("ruling", _("登记法院裁定"), COURT, None, form=a.RulingForm,
              guards=(g.asked_court,), effects=(e.ruling, e.note("note"))),
        _step("end_unperformed", _("未履行，终结"), AFTER, S.UNPERFORMED, form=a.EndForm,
              guards=(g.some_unperformed,), effects=(e.advise, e.end, e.note("note")),
              tone="danger"),
    ),
)  # fmt: skip
