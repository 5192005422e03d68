"""The life cycle of a request for erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Context, Flow, Step, states
from linli.kernel.scope import Actor

from .models import ErasureRequest, ErasureState

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = ErasureState
DECIDE, OWN = "people.erase", "people.own"


class RefusalForm(forms.Form):
    """Why nothing is erased."""

    answer = forms.CharField(
        label=_("理由和依据"), max_length=300, min_length=8,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申请人会看到。写明依据哪条规定必须保留，对决定不服可以怎么办。"),
    )  # fmt: skip


def _visible(actor: Actor) -> QuerySet[Any]:
    from .looking import visible_erasures

    return visible_erasures(actor)


def allows(actor: Actor, permission: str, request: ErasureRequest) -> bool:
    """Tell whether the actor may take a step: who answers for data decides, the asker withdraws."""
    if permission == OWN:
        return actor.kind == "resident" and actor.account_id == request.account_id
    return actor.kind in {"staff", "system"} and actor.can(DECIDE, request.area_code)


def _held(context: Context) -> str | None:
    from .looking import held

    if held([context.subject.resident_id]):
        return _t("这份档案已被保全，解除之前不能删除。")
    return None


def _nothing_stays(context: Context) -> str | None:
    from .looking import review

    if any(item.kept for item in review(context.subject.resident, context.now)):
        return _t("有内容依法必须保留，请办理“部分删除”。")
    return None


def _something_stays_and_goes(context: Context) -> str | None:
    from .looking import review

    items = review(context.subject.resident, context.now)
    if not any(item.kept for item in items):
        return _t("没有必须保留的内容，请办理“全部删除”。")
    if all(item.kept for item in items):
        return _t("所有内容都依法必须保留，请办理“不予删除”并说明理由。")
    return None


def _erase(context: Context) -> None:
    from .carrying import carry_out

    carry_out(context)


def _refuse(context: Context) -> None:
    from .carrying import list_of

    request = context.subject
    request.answer = str(context.data.get("answer", "")).strip()
    request.outcome = list_of(request.resident, context.now, nothing_goes=True)
    request.decided_at = context.now


def _close(context: Context) -> None:
    context.subject.decided_at = context.now


def _tell(context: Context) -> None:
    from .carrying import tell

    context.after.append(tell)


ERASURE_FLOW = Flow(
    name="people.erasure",
    model=ErasureRequest,
    states=dict(S.choices),
    initial=S.RECEIVED,
    visible=_visible,
    allows=allows,
    steps=(
        Step("erase", _("全部删除"), states(S.RECEIVED), S.ERASED, DECIDE,
             guards=(_held, _nothing_stays), effects=(_erase,), tone="danger"),
        Step("erase_part", _("部分删除"), states(S.RECEIVED), S.IN_PART, DECIDE,
             guards=(_held, _something_stays_and_goes), effects=(_erase, _tell), tone="danger"),
        Step("refuse", _("不予删除"), states(S.RECEIVED), S.REFUSED, DECIDE, form=RefusalForm,
             effects=(_refuse, _tell), tone="outline-danger"),
        Step("withdraw", _("撤回申请"), states(S.RECEIVED), S.WITHDRAWN, OWN, effects=(_close,),
             tone="secondary"),
    ),
)  # fmt: skip
