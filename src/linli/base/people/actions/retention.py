"""Change for how long a kind of data is kept."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import NotAllowed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ...areas.queries import district
from ..retained import kind_of
from ..retention.models import RetentionRule

SUBJECT = "retention"


@transaction.atomic
def set_retention(
    key: str, *, actor: Actor, now: datetime, days: int, reason: str
) -> RetentionRule:
    """Keep a kind of data for so many days from now on, in the whole district.

    Raises NotAllowed, and ValidationError (at `days`) outside the bounds: less than the law demands
    is refused, whoever asks.
    """
    kind, whole = kind_of(key), district()
    if kind is None:
        raise ValidationError(_("没有这一类数据。"))
    if not actor.can("people.retain", whole.code if whole else ""):
        raise NotAllowed(_("保存期限由全区的个人信息保护负责人设定。"))
    if days < kind.least:
        fault = _("不能少于%(least)d天：%(law)s") % {"least": kind.least, "law": kind.law}
        raise ValidationError({"days": fault})
    if days > kind.most:
        raise ValidationError({"days": _("不能超过%(most)d天。") % {"most": kind.most}})
    RetentionRule.objects.get_or_create(key=key, defaults={"days": days, "at": now})
    rule = RetentionRule.objects.select_for_update().get(key=key)
    before = rule.days if rule.version else kind.usual
    rule.days, rule.reason, rule.by_id, rule.at = days, reason.strip(), actor.account_id, now
    rule.version += 1
    rule.save()
    ledger.append(
        subject_type=SUBJECT, subject_id=rule.pk, verb="set", actor=actor, at=now,
        area_code=whole.code if whole else "", seq=rule.version,
        data={"kind": key, "from": before, "to": days},
    )  # fmt: skip
    return rule
