"""The life cycle of a case: six main states and the steps between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import UnitKind
from linli.kernel.flow import Effect, Flow, Step, states
from linli.kernel.scope import Actor

from . import effects as e
from . import forms as f
from . import returns as r
from . import suspending as t
from .identity import is_reporter
from .models import Case, State
from .natures.adoption import adopt
from .natures.answering import AnswerForm, answer, guard_consultation
from .natures.praise import guard_no_praise, guard_praise, thank
from .natures.protection import recorded_as
from .same import effects as s
from .suggest.lessons import learn

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = State
HELD = (S.DISPATCHED, S.IN_HAND)


def _visible(actor: Actor) -> QuerySet[Any]:
    from .queries import visible_cases

    return visible_cases(actor)


def allows(actor: Actor, permission: str, case: Case) -> bool:
    """Tell whether the actor may take steps of this permission on this case.

    Handling belongs to the people of the unit that holds the case; a community's staff may also
    act for the grids of their community. Rating belongs to the one who reported.
    """
    if actor.kind == "system":
        return True
    if permission == "cases.rate":
        return is_reporter(actor, case)
    if permission == "cases.handle":
        return _may_handle(actor, case)
    if permission == "cases.answer" and case.state in HELD:
        return _may_handle(actor, case)
    if permission == "cases.note" and case.unit_id in actor.unit_ids:
        return True
    return actor.can(permission, case.area_code)


def _may_handle(actor: Actor, case: Case) -> bool:
    if not actor.can("cases.handle"):
        return False
    if case.unit_id in actor.unit_ids:
        return True
    held_by_grid = case.unit is not None and case.unit.kind == UnitKind.GRID
    return (
        held_by_grid
        and actor.can("cases.check", case.area_code)
        and ("community_worker" in actor.roles)
    )


def _step(*args: Any, **kwargs: Any) -> Step:
    """Make a step that records in the ledger how it moved the running clock."""
    effects: tuple[Effect, ...] = kwargs.pop("effects", ())
    kwargs["effects"] = (e.clock_before, *effects, e.clock_after)
    return Step(*args, **kwargs)


CASE_FLOW = Flow(
    name="case",
    model=Case,
    states=dict(State.choices),
    initial=S.REGISTERED,
    visible=_visible,
    allows=allows,
    recorded_as=recorded_as,
    steps=(
        _step(
            "accept", _("受理"), states(S.REGISTERED), S.ACCEPTED, "cases.accept",
            form=f.NoteForm,
            effects=(e.accept, e.note("note", public=False), e.tell("accept")),
        ),
        _step(
            "dispatch", _("派遣"), states(S.ACCEPTED, S.DISPATCHED), S.DISPATCHED,
            "cases.dispatch", form=f.DispatchForm,
            guards=(e.guard_unit, e.guard_no_open_return, t.guard_not_paused),
            effects=(
                learn, e.dispatch, t.follow_on, e.note("note", public=False), e.tell("dispatch"),
            ),
        ),
        _step(
            "sign_in", _("签收"), states(S.DISPATCHED), S.IN_HAND, "cases.handle",
            form=f.NoteForm, guards=(e.guard_no_open_return, t.guard_not_paused),
            effects=(e.sign_in, e.note("note", public=False), e.tell("sign_in")),
        ),
        _step(
            "contact", _("联系反映人"), states(S.IN_HAND), None, "cases.handle",
            form=f.NoteForm, guards=(e.guard_contact,),
            effects=(e.contact, e.note("note", public=True)), tone="secondary",
        ),
        _step(
            "report_done", _("处理完毕"), states(S.IN_HAND), S.DONE, "cases.handle",
            form=f.DoneForm,
            guards=(
                e.guard_evidence, e.guard_no_open_return, t.guard_not_paused, t.guard_helpers,
            ),
            effects=(
                e.report_done, t.follow_on, e.note("result", public=True), e.tell("report_done"),
            ),
        ),
        _step(
            "close", _("核查通过，办结"), states(S.DONE), S.CLOSED, "cases.check",
            form=f.CloseForm, guards=(e.guard_not_own_work,),
            effects=(
                adopt, e.close, t.follow_on, e.note("result", public=True),
                e.tell("close", result="result"),
            ),
        ),
        _step(
            "send_back", _("核查不通过，退回"), states(S.DONE), S.IN_HAND, "cases.check",
            form=f.SendBackForm, guards=(e.guard_not_own_work,),
            effects=(e.send_back, e.note("note", public=False), e.tell("send_back")),
            tone="danger",
        ),
        _step(
            "settle", _("当场办结"), states(S.REGISTERED, S.ACCEPTED), S.CLOSED,
            "cases.settle", form=f.CloseForm,
            effects=(
                adopt, e.close, t.follow_on, e.note("result", public=True),
                e.tell("settle", result="result"),
            ),
            tone="success",
        ),
        _step(
            "answer", _("用知识库答复，办结"),
            states(S.REGISTERED, S.ACCEPTED, S.DISPATCHED, S.IN_HAND), S.CLOSED,
            "cases.answer", form=AnswerForm,
            guards=(guard_consultation, e.guard_no_open_return, t.guard_not_paused),
            effects=(answer, e.close, t.follow_on, e.tell("answer", result="result")),
            tone="success",
        ),
        _step(
            "thank", _("致谢办结"), states(S.REGISTERED), S.CLOSED, "cases.by_task",
            guards=(guard_praise,), effects=(thank, e.tell("thank")),
        ),
        _step(
            "decline", _("不予受理"), states(S.REGISTERED), S.DECLINED, "cases.accept",
            form=f.DeclineForm,
            effects=(e.decline, e.note("note", public=True), e.tell("decline", reason="note")),
            tone="danger",
        ),
        _step(
            "ask_return", _("申请退单"), states(S.DISPATCHED, S.IN_HAND), None, "cases.handle",
            form=f.AskReturnForm, guards=(r.guard_ask, t.guard_not_paused),
            effects=(r.ask, e.note("reason", public=False)), tone="warning",
        ),
        _step(
            "grant_return", _("准予退单，改派"), states(S.DISPATCHED, S.IN_HAND), S.DISPATCHED,
            "cases.decide_return", form=f.GrantReturnForm,
            guards=(r.guard_decide, r.guard_new_unit),
            effects=(r.grant, t.follow_on, e.note("ruling", public=False), e.tell("grant_return")),
        ),
        _step(
            "refuse_return", _("不准退单"), states(S.DISPATCHED, S.IN_HAND), None,
            "cases.decide_return", form=f.RefuseReturnForm, guards=(r.guard_decide,),
            effects=(r.refuse, e.note("ruling", public=False)), tone="danger",
        ),
        _step(
            "call_back", _("回访"), states(S.CLOSED), None, "cases.call_back",
            form=f.CallBackForm, guards=(guard_no_praise, e.guard_was_handler),
            effects=(e.call_back, t.heard, e.note("note", public=False)), tone="secondary",
        ),
        _step(
            "rate", _("评价"), states(S.CLOSED, S.MERGED), None, "cases.rate",
            form=f.RateForm, guards=(guard_no_praise, s.guard_lead_closed, e.guard_was_handler),
            effects=(e.rate, t.heard, e.note("note", public=True)),
        ),
        _step(
            "merge", _("并入另一件"),
            states(S.REGISTERED, S.ACCEPTED, S.DISPATCHED, S.IN_HAND), S.MERGED, "cases.merge",
            form=f.MergeForm, guards=(e.guard_no_open_return, t.guard_not_paused, s.guard_into),
            effects=(s.merge, t.follow_on, e.note("note", public=False), e.tell("merge")),
            tone="secondary",
        ),
        _step(
            "unmerge", _("撤销并案"), states(S.MERGED), S.ACCEPTED, "cases.merge",
            form=f.UnmergeForm,
            effects=(s.unmerge, e.note("note", public=False), e.tell("unmerge")), tone="warning",
        ),
        _step(
            "take_in", _("并入他件"), frozenset(State.values), None, "cases.by_task",
            effects=(s.take_in,),
        ),
        _step(
            "let_go", _("移出他件"), frozenset(State.values), None, "cases.by_task",
            effects=(s.let_go,),
        ),
        _step(
            "extend", _("延期"), states(S.DISPATCHED, S.IN_HAND), None, "cases.by_task",
            effects=(t.extend, e.tell("extend")),
        ),
        _step(
            "suspend", _("挂账"), states(S.DISPATCHED, S.IN_HAND), None, "cases.by_task",
            effects=(t.suspend, e.tell("suspend")),
        ),
        _step(
            "resume", _("恢复办理"), states(S.DISPATCHED, S.IN_HAND), None, "cases.by_task",
            effects=(t.resume, e.tell("resume")),
        ),
        _step(
            "take_up", _("上级接办"), states(S.DISPATCHED, S.IN_HAND), S.DISPATCHED,
            "cases.by_task", effects=(t.take_up, t.follow_on, e.tell("take_up")),
        ),
        _step(
            "add_note", _("补充说明"),
            states(S.REGISTERED, S.ACCEPTED, S.DISPATCHED, S.IN_HAND, S.DONE), None, "cases.note",
            form=f.RemarkForm, effects=(e.note("note", public=False),), tone="secondary",
        ),
    ),
)  # fmt: skip
