"""The life cycle of one version of an article: nobody publishes what they wrote themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Context, Flow, Step, states
from linli.kernel.scope import Actor

from .forms import RemarkForm
from .models import ArticleState, ArticleVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = ArticleState


def _visible(actor: Actor) -> QuerySet[Any]:
    from .queries import visible_versions

    return visible_versions(actor)


def allows(actor: Actor, permission: str, version: ArticleVersion) -> bool:
    """Tell whether the actor holds the permission over the place where the article holds."""
    return actor.can(permission, version.area_code)


def guard_other_person(context: Context) -> str | None:
    """A second person publishes; nobody approves their own text."""
    if context.actor.account_id is not None and (
        context.actor.account_id == context.subject.author_id
    ):
        return gettext("自己写的条目要由另一人审核发布。")
    return None


def may_withdraw(actor: Actor, version: ArticleVersion) -> bool:
    """Tell whether the actor's unit answers for the article, or the actor approves there."""
    return (
        actor.kind == "system"
        or version.article.unit_id in actor.unit_ids
        or actor.can("knowledge.approve", version.area_code)
    )


def guard_own_unit(context: Context) -> str | None:
    """Nobody takes away what another unit answers for, but whoever approves."""
    if may_withdraw(context.actor, context.subject):
        return None
    return gettext("只有负责单位或审核人可以撤下。")


def guard_not_expired(context: Context) -> str | None:
    """What has expired already is not published."""
    if context.subject.expires_on < timezone.localdate(context.now):
        return gettext("有效期已过，请先退回修改有效期。")
    return None


def publish(context: Context) -> None:
    """Put the version in force in place of the one before, and its writer in charge of it."""
    version: ArticleVersion = context.subject
    version.reviewer_id = context.actor.account_id
    version.published_at, version.remark = context.now, ""
    context.entry["number"] = version.number
    replace_earlier(context)
    article = version.article
    article.owner_id = version.author_id
    article.save(update_fields=["owner"])


def replace_earlier(context: Context) -> None:
    """End the version in force; it goes first, since an article has one at a time."""
    from linli.kernel.flow import perform
    from linli.kernel.scope import SYSTEM

    rows = ArticleVersion.objects.filter(article_id=context.subject.article_id)
    earlier = rows.filter(state=S.PUBLISHED).first()
    if earlier is not None:
        perform(ARTICLE_FLOW, "replace", earlier.pk, actor=SYSTEM, now=context.now)


def keep_remark(context: Context) -> None:
    """Keep why it went back or was taken away."""
    context.subject.remark = context.data["remark"].strip()


ARTICLE_FLOW = Flow(
    name="article",
    model=ArticleVersion,
    states=dict(S.choices),
    initial=S.DRAFT,
    visible=_visible,
    allows=allows,
    steps=(
        Step("submit", _("提交审核"), states(S.DRAFT), S.IN_REVIEW, "knowledge.write"),
        Step("publish", _("审核通过，发布"), states(S.IN_REVIEW), S.PUBLISHED,
             "knowledge.approve", guards=(guard_other_person, guard_not_expired),
             effects=(publish,), tone="success"),
        Step("send_back", _("退回修改"), states(S.IN_REVIEW), S.DRAFT, "knowledge.approve",
             form=RemarkForm, effects=(keep_remark,), tone="warning"),
        Step("withdraw", _("撤下"), states(S.DRAFT, S.IN_REVIEW, S.PUBLISHED), S.WITHDRAWN,
             "knowledge.write", form=RemarkForm, guards=(guard_own_unit,), effects=(keep_remark,),
             tone="danger"),
        Step("replace", _("由新版替代"), states(S.PUBLISHED), S.REPLACED, "knowledge.replace"),
    ),
)  # fmt: skip
