"""The life cycle of a resident's request to have their record corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Context, Flow, Step, states
from linli.kernel.scope import Actor

from .models import ChangeRequest, RequestState

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = RequestState
DECIDE, OWN = "people.decide", "people.own"


class AnswerForm(forms.Form):
    """Why the request is not followed."""

    answer = forms.CharField(
        label=_("理由"), max_length=300, min_length=4,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申请人会看到。请写明还缺什么材料，或者为什么不能更正。"),
    )  # fmt: skip


def _visible(actor: Actor) -> QuerySet[Any]:
    from ..queries import visible_requests

    return visible_requests(actor)


def allows(actor: Actor, permission: str, request: ChangeRequest) -> bool:
    """Tell whether the actor may take a step: the community decides, the resident withdraws."""
    if permission == OWN:
        return actor.kind == "resident" and actor.account_id == request.account_id
    return actor.kind == "staff" and actor.can(DECIDE, request.area_code)


def _approve(context: Context) -> None:
    from .deciding import correct

    correct(context)
    _decided(context)


def _decline(context: Context) -> None:
    context.subject.answer = str(context.data.get("answer", "")).strip()
    _decided(context)


def _decided(context: Context) -> None:
    """Keep no copy of what was asked once it is decided."""
    context.subject.decided_at = context.now
    context.subject.wanted = ""
    context.entry["fields"] = context.subject.fields


def _tell(context: Context) -> None:
    from .deciding import tell

    context.after.append(tell)


REQUEST_FLOW = Flow(
    name="people.request",
    model=ChangeRequest,
    states=dict(S.choices),
    initial=S.ASKED,
    visible=_visible,
    allows=allows,
    steps=(
        Step("approve", _("核实并更正"), states(S.ASKED), S.APPROVED, DECIDE,
             effects=(_approve, _tell), tone="success"),
        Step("decline", _("不予更正"), states(S.ASKED), S.DECLINED, DECIDE, form=AnswerForm,
             effects=(_decline, _tell), tone="outline-danger"),
        Step("withdraw", _("撤回申请"), states(S.ASKED), S.WITHDRAWN, OWN, effects=(_decided,),
             tone="secondary"),
    ),
)  # fmt: skip
