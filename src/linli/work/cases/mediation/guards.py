"""Rules that stand in the way of a step of a mediation."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import Context

from .models import Confirmation, Form, Mediation, Result

MOST_PARTIES = 10


def not_recused(context: Context) -> str | None:
    """Whoever a party objected to stays out of it."""
    mediation: Mediation = context.subject
    if mediation.recusals.filter(account_id=context.actor.account_id or 0).exists():
        return _("当事人已申请您回避，您不能办理这件调解。")
    return None


def room_for_party(context: Context) -> str | None:
    """Papers name at most ten parties."""
    if context.subject.parties.count() >= MOST_PARTIES:
        return _("一件调解最多登记10个当事人。")
    return None


def unsigned(context: Context) -> str | None:
    """What someone signed is not changed any more."""
    if context.subject.parties.exclude(signed_on=None).exists():
        return _("已有当事人签名，协议内容不能再改。")
    return None


def signed(context: Context) -> str | None:
    """There is a signature to take back."""
    if context.subject.parties.exclude(signed_on=None).exists():
        return None
    return _("还没有人签名。")


def all_consent(context: Context) -> str | None:
    """At least two parties, and all of them agree to mediation (art. 17)."""
    parties = list(context.subject.parties.all())
    if len(parties) < 2:
        return _("至少登记两方当事人才能受理。")
    missing = [party.letter for party in parties if party.consented_on is None]
    if missing:
        return _("还没有登记%(who)s是否同意调解。") % {"who": str(_("、")).join(missing)}
    return None


def mediator_free(context: Context) -> str | None:
    """A mediator a party objected to does not come back."""
    chosen = [context.data.get("mediator"), context.data.get("second")]
    barred = set(context.subject.recusals.values_list("account_id", flat=True))
    if context.data.get("objector") is not None:
        barred.add(context.subject.mediator_id)
    if any(who is not None and who.pk in barred for who in chosen):
        return _("当事人申请其回避，不能再担任这件调解的调解员。")
    return None


def after_opening(context: Context) -> str | None:
    """A meeting follows the registration of the file."""
    held = context.data["held_at"]
    if timezone.localdate(held) < timezone.localdate(context.subject.opened_at):
        return _("调解时间早于登记日期，请检查。")
    return None


def drafted(context: Context) -> str | None:
    """There are words to sign, in writing."""
    mediation: Mediation = context.subject
    if not mediation.terms:
        return _("请先起草协议内容。")
    if mediation.form == Form.ORAL:
        return _("口头协议不需要签名，由调解员记录后直接确认达成。")
    return None


def ready(context: Context) -> str | None:
    """There are words, in writing everybody signed, and nobody after the day of effect."""
    mediation: Mediation = context.subject
    if not mediation.terms:
        return _("请先起草协议内容。")
    if timezone.localdate(mediation.opened_at) > context.data["on"]:
        return _("生效日期早于登记日期，请检查。")
    if mediation.form == Form.ORAL:
        return None
    parties = list(mediation.parties.all())
    missing = [party.letter for party in parties if party.signed_on is None]
    if missing:
        return _("%(who)s还没有签名。") % {"who": str(_("、")).join(missing)}
    if any(party.signed_on and party.signed_on > context.data["on"] for party in parties):
        return _("生效日期不能早于当事人签名日期。")
    return None


def all_performed(context: Context) -> str | None:
    """Every obligation was performed."""
    rest = context.subject.obligations.exclude(result=Result.PERFORMED).count()
    return _("还有%(n)d项义务没有履行完。") % {"n": rest} if rest else None


def some_unperformed(context: Context) -> str | None:
    """Something was not performed."""
    if context.subject.obligations.exclude(result=Result.PERFORMED).exists():
        return None
    return _("各项义务都已履行，请按“履行完毕”结案。")


def in_court_time(context: Context) -> str | None:
    """The court is asked once, within 30 days of the day of effect (art. 33)."""
    mediation: Mediation = context.subject
    if mediation.confirmation != Confirmation.NONE:
        return _("已经申请过司法确认。")
    until, on = mediation.confirm_until, context.data["on"]
    if until is not None and on > until:
        return _("已超过司法确认的申请期限（%(day)s）。") % {"day": until}
    if mediation.effective_on and on < mediation.effective_on:
        return _("申请日期早于协议生效日期，请检查。")
    return None


def asked_court(context: Context) -> str | None:
    """A ruling follows an application."""
    if context.subject.confirmation != Confirmation.APPLIED:
        return _("没有等待结果的司法确认申请。")
    return None
