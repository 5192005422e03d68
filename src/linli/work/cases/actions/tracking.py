"""What someone who reported without log-in may do, with tracking code or signed link."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed, NotAllowed, Outcome, perform
from linli.kernel.ledger.queries import history
from linli.kernel.scope import ANONYMOUS, Actor

from ..flow import CASE_FLOW
from ..models import Case
from ..queries import case_by_link

TRIES, WINDOW = 10, 600  # wrong codes, seconds


class TooManyTries(Exception):
    """Too many wrong codes came from one place."""


def try_code(find: Callable[[], Case | None], *, sender: str) -> Case | None:
    """Return what `find` finds; ten misses of one sender in ten minutes raise TooManyTries."""
    counter = f"track:{sender}"
    if cache.get(counter, 0) >= TRIES:
        raise TooManyTries
    found = find()
    if found is None:
        cache.add(counter, 0, WINDOW)
        cache.incr(counter)
    return found


def rate_tracked(
    case: Case,
    *,
    now: datetime,
    data: Mapping[str, Any],
    key: str | None = None,
    actor: Actor = ANONYMOUS,
) -> Outcome:
    """Rate a case that was reported without log-in; the caller has checked its tracking code.

    `actor` is whose browser it is: staff are refused (NotAllowed). Errors as
    `kernel.flow.perform`; a case of a resident with an account raises Http404.
    """
    return _rate(case, Case.objects.exclude(tracking_hash=""), actor, now, data, key)


def rate_by_link(
    token: str, *, now: datetime, data: Mapping[str, Any], actor: Actor = ANONYMOUS
) -> Outcome:
    """Rate the one case a signed link is for, once; a repeat answers alike and changes nothing.

    Raises Http404 for a token that is not ours, GuardFailed where it has expired or the case is
    rated already, NotAllowed in a browser where staff are logged in; other errors as
    `kernel.flow.perform`.
    """
    key = f"link:{hashlib.sha256(token.encode()).hexdigest()[:40]}"
    with transaction.atomic():
        link = case_by_link(token, now)
        if link is None:
            raise Http404
        case = Case.objects.select_for_update(of=("self",)).get(pk=link.case.pk)
        if not history("case", case.pk).filter(key=key).exists():
            if link.expired:
                raise GuardFailed(_("这个评价链接已经过期。"))
            if case.rating is not None:
                raise GuardFailed(_("这件事您已经评价过了。"))
        return _rate(case, Case.objects.all(), actor, now, data, key)


def _rate(
    case: Case, rows: Any, actor: Actor, now: datetime, data: Mapping[str, Any], key: str | None
) -> Outcome:
    if actor.kind == "staff":
        raise NotAllowed(_("工作人员不能代替反映人评价，请先退出登录。"))
    flow = replace(
        CASE_FLOW,
        visible=lambda _actor: rows.filter(pk=case.pk),
        allows=lambda _actor, permission, _case: permission == "cases.rate",
    )
    with transaction.atomic():
        return perform(flow, "rate", case.pk, actor=ANONYMOUS, now=now, data=data, key=key)
