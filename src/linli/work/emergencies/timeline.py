"""The story of an emergency, from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from linli.base.accounts.models import Account, Unit
from linli.kernel.flow.names import actor_name
from linli.kernel.ledger.models import Entry

from .flow import EMERGENCY_FLOW
from .models import Emergency, EmergencyNote, Level

ICONS = {
    "raise": "urgent", "start": "flag", "answer": "check", "phone_report": "phone",
    "written_report": "file-text", "follow_up": "file-plus", "tick": "circle-check",
    "add_measure": "plus", "regrade": "adjustments", "stand_down": "circle-check",
    "withdraw": "ban", "review": "notes", "pass_on": "phone-x",
    "move_area": "map-2",
}  # fmt: skip
TONES = {"raise": "danger", "start": "danger", "stand_down": "success", "pass_on": "warning"}


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


def story(emergency: Emergency, measures: Mapping[int, str]) -> list[Item]:
    """Return what happened, the newest first; `measures` are its measures' texts by id."""
    notes = EmergencyNote.objects.filter(emergency=emergency, seq=OuterRef("seq"))
    entries = list(
        Entry.objects.filter(subject_type="emergency", subject_id=emergency.pk)
        .annotate(note=Subquery(notes.values("text")[:1]))
        .order_by("-seq")
    )
    people = _names(Account, entries, ("from_person", "to_person")) | _people(entries)
    units = _names(Unit, entries, ("unit",))
    return [_item(entry, people, units, measures) for entry in entries]


def _people(entries: list[Any]) -> dict[int, str]:
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    return {row.pk: str(row) for row in Account.objects.filter(pk__in=ids).only("name", "username")}


def _names(model: Any, entries: list[Any], keys: tuple[str, ...]) -> dict[int, str]:
    ids = {entry.data.get(key) for entry in entries for key in keys} - {None}
    return {row.pk: str(row) for row in model.objects.filter(pk__in=ids)} if ids else {}


def _item(entry: Any, people: dict[int, str], units: dict[int, str], measures: Any) -> Item:
    who = people.get(entry.actor_id) or actor_name(entry.actor_kind, None)
    facts = []
    if "level" in entry.data and entry.data.get("level_was") != entry.data["level"]:
        facts.append(str(Level(entry.data["level"]).label))
    if entry.data.get("measure") in measures:
        facts.append(measures[entry.data["measure"]])
    if entry.data.get("on_time") is False:
        facts.append(_("超过时限"))
    if entry.verb == "pass_on":
        deputy = people.get(entry.data.get("to_person") or 0)
        facts.append(
            _("%(unit)s：%(who)s未应答") % {
                "unit": units.get(entry.data["unit"], ""),
                "who": people.get(entry.data["from_person"], ""),
            }
        )  # fmt: skip
        facts.append(
            _("改叫%(who)s") % {"who": deputy} if deputy else _("已无人可叫，请直接打电话")
        )
    words = {"raise": _("接报"), "pass_on": _("未应答，转叫他人"),
             "move_area": _("区域变更，随之移交")}  # fmt: skip
    title = words.get(entry.verb) or str(EMERGENCY_FLOW.step(entry.verb).label)
    return Item(
        title=title, at=entry.at, who=who, text=entry.note or "",
        icon=ICONS.get(entry.verb, "point"), tone=TONES.get(entry.verb, ""), facts=facts,
    )  # fmt: skip
