"""What someone who reported without log-in may do, knowing number and tracking code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.kernel.flow import Outcome, perform
from linli.kernel.scope import ANONYMOUS

from ..flow import CASE_FLOW
from ..models import Case


def rate_tracked(
    case: Case, *, now: datetime, data: Mapping[str, Any], key: str | None = None
) -> Outcome:
    """Rate a case that was reported without log-in; the caller has checked its tracking code.

    Errors as `kernel.flow.perform`; a case of a resident with an account raises Http404.
    """
    mine = Case.objects.filter(pk=case.pk).exclude(tracking_hash="")
    flow = replace(
        CASE_FLOW,
        visible=lambda _actor: mine,
        allows=lambda _actor, permission, _case: permission == "cases.rate",
    )
    with transaction.atomic():
        return perform(flow, "rate", case.pk, actor=ANONYMOUS, now=now, data=data, key=key)
