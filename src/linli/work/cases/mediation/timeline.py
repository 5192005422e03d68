"""The story of a mediation, from the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.accounts.models import Account
from linli.kernel.flow.names import actor_name
from linli.kernel.ledger.models import Entry

from .flow import MEDIATION_FLOW
from .forms import ADVICE
from .models import Mediation, Party, Result

ICONS = {
    "open": "file-plus", "consent": "check", "add_party": "user-plus", "accept": "flag",
    "refuse": "ban", "hold": "users", "draft": "writing", "oblige": "plus", "drop": "x",
    "sign": "signature", "unsign": "arrow-back-up", "conclude": "circle-check",
    "change": "arrows-exchange", "extend": "calendar-plus", "fail": "x", "withdraw": "arrow-back",
    "perform": "checklist", "visit": "phone-call", "finish": "circle-check", "apply": "send",
    "ruling": "gavel", "end_unperformed": "ban", "move_area": "map-2",
}  # fmt: skip
TONES = {"conclude": "success", "finish": "success", "fail": "danger", "refuse": "danger",
         "end_unperformed": "danger", "withdraw": "warning", "change": "warning"}  # fmt: skip


@dataclass
class Item:
    """One line of the story."""

    title: str
    at: datetime
    who: str = ""
    text: str = ""
    icon: str = "point"
    tone: str = ""
    facts: list[str] = field(default_factory=list)


def story(mediation: Mediation, parties: list[Party], *, full: bool) -> list[Item]:
    """Return what happened, the newest first; what was typed only where `full`."""
    entries = list(
        Entry.objects.filter(subject_type="mediation", subject_id=mediation.pk).order_by("-seq")
    )
    notes = dict(mediation.notes.values_list("seq", "text")) if full else {}
    ids: set[Any] = {entry.actor_id for entry in entries} | {
        entry.data.get(key) for entry in entries for key in ("from_person", "to_person")
    }
    rows = Account.objects.filter(pk__in=ids - {None}).only("name", "username")
    people = {row.pk: str(row) for row in rows}
    letters = {party.order: party.letter for party in parties}
    return [_item(entry, people, letters, notes) for entry in entries]


def _item(
    entry: Any, people: dict[int, str], letters: dict[int, str], notes: dict[int, str]
) -> Item:
    special = {"open": _("登记调解"), "move_area": _("区划调整，随地移交")}
    return Item(
        title=special.get(entry.verb) or str(MEDIATION_FLOW.step(entry.verb).label),
        at=entry.at, who=people.get(entry.actor_id) or actor_name(entry.actor_kind, None),
        text=notes.get(entry.seq, ""), icon=ICONS.get(entry.verb, "point"),
        tone=TONES.get(entry.verb, ""), facts=_facts(entry.data, people, letters),
    )  # fmt: skip


def _facts(data: dict[str, Any], people: dict[int, str], letters: dict[int, str]) -> list[str]:
    found = []
    if data.get("party") in letters:
        found.append(letters[data["party"]])
    if data.get("to_person") in people:
        found.append(_("调解员：%(who)s") % {"who": people[data["to_person"]]})
    if data.get("clock"):
        moment = timezone.localtime(datetime.fromisoformat(data["clock"]))
        found.append(_("应于%(day)s前结束") % {"day": f"{moment:%Y-%m-%d}"})
    if data.get("effective"):
        day = date.fromisoformat(data["effective"])
        found.append(_("%(day)s生效") % {"day": day})
    if data.get("result") in Result.values:
        found.append(str(Result(data["result"]).label))
    elif data.get("result"):
        found.append(_("确认有效") if data["result"] == "confirmed" else _("不予确认"))
    if data.get("on_time") is False:
        found.append(_("超过时限"))
    words = dict(ADVICE)
    found += [str(words[key]) for key in data.get("advice", ()) if key in words]
    return found
