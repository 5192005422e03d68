"""The demonstration's matters of several people, and what its closed cases teach."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor

from .actions.matters import join_matter
from .actions.steps import take_step
from .models import Case, Channel, Joiner, State
from .same.queries import likely, similar_to
from .suggest.training import train_all

SEED = 20262
PER_SUBDISTRICT = 2
LOOK_BACK = timedelta(days=20)
MERGEABLE = (State.REGISTERED, State.ACCEPTED, State.DISPATCHED)


def load_demo_matters(*, now: datetime) -> dict[str, int]:
    """Merge some of the likely duplicates, let neighbours join, and learn from closed cases."""
    if Joiner.objects.exists():
        return {}
    rng = Random(SEED)  # noqa: S311 - invented data, no secret
    residents = list(Account.objects.filter(kind="resident").order_by("id")[:300])
    done = {"merged": 0, "joined": 0}
    taken: dict[str, int] = {}
    rows = Case.objects.filter(state__in=MERGEABLE, created_at__gte=now - LOOK_BACK)
    for case in rows.exclude(channel=Channel.WEBSITE).select_related("category").order_by("-id"):
        place = case.area_code[:9]
        if taken.get(place, 0) >= PER_SUBDISTRICT:
            continue
        lead = _older(case, now)
        dispatcher = _dispatcher(place)
        if lead is None or dispatcher is None or not _merge(case, lead, dispatcher, now):
            continue
        taken[place] = taken.get(place, 0) + 1
        done["merged"] += 1
        for account in rng.sample(residents, min(len(residents), rng.randint(1, 5))):
            at = now - timedelta(minutes=rng.randint(1, 50))
            join_matter(lead.pk, actor=actor_of(account), now=at, key="demo")
            done["joined"] += 1
    return done | {"learned": len(train_all(now=now))}


def _older(case: Case, now: datetime) -> Case | None:
    for pk, _score in likely(**similar_to(case, now=now)):
        found = Case.objects.get(pk=pk)
        if pk < case.pk and found.is_open and found.state != State.DONE:
            return found
    return None


def _dispatcher(place: str) -> Actor | None:
    rows = Account.objects.filter(grants__role="subdistrict_dispatcher", grants__area_code=place)
    person = rows.order_by("id").first()
    return actor_of(person) if person else None


def _merge(case: Case, lead: Case, actor: Actor, now: datetime) -> bool:
    data = {"into": lead.number, "note": "与先前反映的是同一件事。"}
    try:
        take_step("merge", case.pk, actor=actor, now=now - timedelta(hours=1), data=data)
    except StepRefused:
        return False
    return True
