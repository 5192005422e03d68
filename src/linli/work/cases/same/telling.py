"""Tell everybody behind a matter what its leading case comes to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from linli.base.messages.actions import queue_message
from linli.base.messages.models import Channel

from ..models import Case, Joiner
from ..notices import RATED_AFTER, TEMPLATES, link_of, may_ask_rating, rating_link
from .queries import Follower, followers, matter_token


def link_to_matter(joiner: Joiner) -> str:
    """Return the address where a joiner follows the matter."""
    return f"/matters/{matter_token(joiner)}/"


def tell_followers(
    case: Case, verb: str, params: dict[str, str], *, seq: int, now: datetime
) -> None:
    """Queue a step's messages for all behind the matter but the reporter, who is told already.

    Each speaks of the person's own case where they have one. Keys name case, step and person.
    """
    for row in followers(case):
        special = f"cases.{verb}_{'joint' if row.case else 'joined'}"
        template = special if special in TEMPLATES else f"cases.{verb}"
        key = f"case:{case.pk}:{seq}:{row.tag}"
        own = _own(row, case)
        by_phone = own["link"] if row.case else ""
        if row.case and verb in RATED_AFTER:
            account = row.account.pk if row.account else None
            if may_ask_rating(row.phone, account):
                by_phone = rating_link(row.case, now)
            else:
                template = f"cases.{verb}_told"
        _tell(row, template, params | own, key=key, now=now, by_phone=by_phone)


def _own(row: Follower, lead: Case) -> dict[str, str]:
    if row.case is not None:
        return {"number": row.case.number, "title": row.case.title, "link": link_of(row.case)}
    # Whoever joined may be anyone: what was written to the reporter is not for them.
    plain = {"title": lead.category.name, "reason": "", "result": "", "tail": ""}
    return plain | ({"link": link_to_matter(row.joiner)} if row.joiner else {})


def _tell(
    row: Follower,
    template: str,
    params: dict[str, str],
    *,
    key: str,
    now: datetime,
    by_phone: str = "",
) -> None:
    """Queue the message in the site and by phone; `by_phone` is the link a text gets instead."""
    if row.account is not None:
        queue_message(
            key=f"{key}:site",
            account=row.account,
            channel=Channel.SITE,
            template=template,
            params=params,
            link=params["link"],
            now=now,
        )
    if row.phone:
        secret = row.case is not None and row.case.protected
        queue_message(
            key=f"{key}:sms",
            phone=row.phone,
            channel=Channel.SMS,
            template="cases.protected" if secret else template,
            params=params
            | ({"link": settings.PUBLIC_URL.rstrip("/") + by_phone} if by_phone else {}),
            link="" if secret else by_phone or params["link"],
            now=now,
        )


def tell_joined(case: Case, joiner: Joiner, *, now: datetime) -> None:
    """Tell somebody that they have joined a matter; its kind, never a neighbour's own words."""
    row = Follower(f"j{joiner.pk}", "", joiner.account, joiner.phone, None, joiner)
    params = {"title": case.category.name, "number": case.number, "link": link_to_matter(joiner)}
    _tell(row, "cases.join", params, key=f"case:{case.pk}:join:{row.tag}", now=now)
