"""A worker's day, summed up from the ledger: nobody types what they did.

No distance stands here: no track is kept, and without one a distance would be made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account, GrantRow
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor, within
from linli.work.cases.models import TASK_KINDS, Case
from linli.work.cases.queries import verb_labels, visible_cases
from linli.work.patrols.models import Round
from linli.work.patrols.queries import visible_rounds

MOST = 400
ROUND = "patrol_round"
ON_CASE = ("sign_in", "report_done", "add_note", "ask_return")
# What counts as what: (key, label, what the ledger has of it).
COUNTS: tuple[tuple[str, Any, dict[str, Any]], ...] = (
    ("registered", _("上报"), {"subject_type": "case", "verb": "register"}),
    ("settled", _("当场办结"), {"subject_type": "case", "verb": "settle"}),
    ("done", _("处理完毕"), {"subject_type": "case", "verb": "report_done"}),
    ("steps", _("办理步骤"), {"subject_type": "case", "verb__in": ON_CASE}),
    ("contacts", _("联系反映人"), {"subject_type": "case", "verb": "contact"}),
    ("tasks", _("协办等子任务"), {"subject_type__in": sorted(TASK_KINDS)}),
    ("arrived", _("到场"), {"subject_type": "whistle", "verb": "arrive"}),
    ("rounds", _("巡查"), {"subject_type": "patrol_round", "verb": "hand_in"}),
)


@dataclass(frozen=True)
class Line:
    """One thing done: when, what, on what, and where that stands."""

    at: datetime
    what: Any
    about: str
    href: str


def span(day: date) -> tuple[datetime, datetime]:
    """Return the moments between which a local day lies."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def acts_of(account_id: int, day: date) -> list[Entry]:
    """Return what someone did on a day, as the ledger has it, in order."""
    start, end = span(day)
    ours = Q(subject_type__in=("case", "patrol_round", *sorted(TASK_KINDS)))
    rows = Entry.objects.filter(ours, actor_id=account_id, at__gte=start, at__lt=end)
    return list(rows.order_by("at", "id")[:MOST])


def sums(acts: Sequence[Entry]) -> list[tuple[Any, int]]:
    """Return the day's counts with their labels; items checked and problems found by rounds."""
    rows = [(label, sum(fits(act, wanted) for act in acts)) for _key, label, wanted in COUNTS]
    walked = [act.data for act in acts if (act.subject_type, act.verb) == (ROUND, "hand_in")]
    rows.append((_("检查项"), sum(int(data.get("items", 0)) for data in walked)))
    rows.append((_("发现问题"), sum(int(data.get("problems", 0)) for data in walked)))
    return rows


def fits(act: Entry, wanted: Mapping[str, Any]) -> bool:
    """Tell whether an entry is of a kind of COUNTS, as the database would."""
    return all(
        getattr(act, name.removesuffix("__in")) in (value if name.endswith("__in") else (value,))
        for name, value in wanted.items()
    )


def lines(acts: Sequence[Entry], viewer: Actor) -> list[Line]:
    """Return each act in words; what the viewer may not see stands without its title."""
    cases, rounds = _cases(acts, viewer), _rounds(acts, viewer)
    labels = {kind: verb_labels(kind) for kind in {act.subject_type for act in acts} - {ROUND}}
    found = []
    for act in acts:
        if act.subject_type == ROUND:
            walk = rounds.get(act.subject_id)
            about = walk.route.name if walk else ""
            href = reverse("field:round", args=[walk.pk]) if walk else ""
            found.append(Line(act.at, _("巡查"), about, href))
            continue
        case = cases.get(act.subject_id) if act.subject_type == "case" else None
        about = f"{case.number} {case.title}" if case else ""
        href = reverse("field:case", args=[case.number]) if case else ""
        what = labels[act.subject_type].get(act.verb, act.verb)
        found.append(Line(act.at, what, about, href))
    return found


def _cases(acts: Sequence[Entry], viewer: Actor) -> dict[int, Case]:
    ids = {act.subject_id for act in acts if act.subject_type == "case"}
    rows = visible_cases(viewer).filter(pk__in=ids).only("title", "created_at")
    return {case.pk: case for case in rows}


def _rounds(acts: Sequence[Entry], viewer: Actor) -> dict[int, Round]:
    ids = {act.subject_id for act in acts if act.subject_type == ROUND}
    rows = visible_rounds(viewer).filter(pk__in=ids).select_related("route")
    return {walk.pk: walk for walk in rows}


def workers_of(actor: Actor) -> QuerySet[Account]:
    """Return the grid workers of the areas whose days the actor may see."""
    today = timezone.localdate()
    grants = GrantRow.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), within(actor.areas("field.days")),
        role="grid_worker", valid_from__lte=today,
    )  # fmt: skip
    return Account.objects.filter(pk__in=grants.values("account")).select_related("unit")


def whose(actor: Actor, account_id: int) -> Account:
    """Return the person whose day the actor may see: themselves or their workers; else Http404."""
    if account_id == actor.account_id:
        return get_object_or_404(Account.objects.select_related("unit"), pk=account_id)
    return get_object_or_404(workers_of(actor), pk=account_id)


def with_counts(workers: QuerySet[Account], day: date) -> QuerySet[Account]:
    """Count each worker's day beside them: `n_KEY` of COUNTS, `n_items` and `n_problems`."""
    start, end = span(day)
    acts = Entry.objects.filter(actor_id=OuterRef("pk"), at__gte=start, at__lt=end)

    def counted(rows: QuerySet[Entry], value: Any) -> Any:
        grouped = rows.order_by().values("actor_id").annotate(n=value).values("n")
        return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)

    found = {
        f"n_{key}": counted(acts.filter(**wanted), Count("pk")) for key, _label, wanted in COUNTS
    }
    walked = acts.filter(subject_type=ROUND, verb="hand_in")
    for name in ("items", "problems"):
        found[f"n_{name}"] = counted(walked, Sum(Cast(KT(f"data__{name}"), IntegerField())))
    return workers.annotate(**found)
