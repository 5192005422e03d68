"""The life cycle of one edition: nobody publishes what they wrote themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Context, Flow, Step, states
from linli.kernel.scope import Actor

from .forms import RemarkForm
from .models import Edition, EditionState

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = EditionState


def _visible(actor: Actor) -> QuerySet[Any]:
    from .queries import visible_editions

    return visible_editions(actor)


def allows(actor: Actor, permission: str, edition: Edition) -> bool:
    """Tell whether the actor holds the permission over the story's area."""
    return actor.can(permission, edition.area_code)


def guard_other_person(context: Context) -> str | None:
    """A second person publishes; nobody approves their own text."""
    author = context.subject.author_id
    if context.actor.account_id is not None and context.actor.account_id == author:
        return gettext("自己写的稿件要由另一人审核发布。")
    return None


def may_withdraw(actor: Actor, edition: Edition) -> bool:
    """Tell whether the actor's unit answers for the story, or the actor approves there."""
    return (
        actor.kind == "system"
        or edition.story.unit_id in actor.unit_ids
        or actor.can("publishing.approve", edition.area_code)
    )


def guard_own_unit(context: Context) -> str | None:
    """Nobody takes away what another unit answers for, but whoever approves."""
    if may_withdraw(context.actor, context.subject):
        return None
    return gettext("只有发布单位或审核人可以撤下。")


def guard_not_over(context: Context) -> str | None:
    """What has ended already is not published."""
    if context.subject.over(context.now):
        return gettext("显示时间已过，请先退回修改。")
    return None


def publish(context: Context) -> None:
    """Put the edition in force in place of the one before; it shows at once or from its time."""
    edition: Edition = context.subject
    edition.reviewer_id = context.actor.account_id
    edition.published_at, edition.remark = context.now, ""
    edition.shown_from = max(edition.shown_from, context.now)
    context.entry["number"] = edition.number
    _replace_earlier(context)


def _replace_earlier(context: Context) -> None:
    from linli.kernel.flow import perform
    from linli.kernel.scope import SYSTEM

    rows = Edition.objects.filter(story_id=context.subject.story_id)
    earlier = rows.filter(state=S.PUBLISHED).first()
    if earlier is not None:
        perform(STORY_FLOW, "replace", earlier.pk, actor=SYSTEM, now=context.now)


def keep_remark(context: Context) -> None:
    """Keep why it went back or was taken away."""
    context.subject.remark = context.data["remark"].strip()


STORY_FLOW = Flow(
    name="story",
    model=Edition,
    states=dict(S.choices),
    initial=S.DRAFT,
    visible=_visible,
    allows=allows,
    steps=(
        Step("submit", _("提交审核"), states(S.DRAFT), S.IN_REVIEW, "publishing.write"),
        Step("publish", _("审核通过，发布"), states(S.IN_REVIEW), S.PUBLISHED,
             "publishing.approve", guards=(guard_other_person, guard_not_over),
             effects=(publish,), tone="success"),
        Step("send_back", _("退回修改"), states(S.IN_REVIEW), S.DRAFT, "publishing.approve",
             form=RemarkForm, effects=(keep_remark,), tone="warning"),
        Step("withdraw", _("撤下"), states(S.DRAFT, S.IN_REVIEW, S.PUBLISHED), S.WITHDRAWN,
             "publishing.write", form=RemarkForm, guards=(guard_own_unit,),
             effects=(keep_remark,), tone="danger"),
        Step("replace", _("由新版替代"), states(S.PUBLISHED), S.REPLACED, "publishing.replace"),
    ),
)  # fmt: skip
