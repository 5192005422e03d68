"""The story of sub-tasks, from the ledger, to be told beside their case's."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from linli.kernel.ledger.models import Entry

from ..queries import with_people
from ..timeline import Item, who_acted
from .flows import FLOWS
from .models import SubTask, SubTaskNote

ICONS = {
    "co_handling": "users", "whistle": "speakerphone", "extension": "calendar-plus",
    "suspension": "player-pause", "supervision": "eye", "escalation": "arrow-big-up-line",
    "mend": "tools", "call_back": "phone-call",
}  # fmt: skip
TONES = {"refuse": "danger", "send_back": "danger", "cancel": "secondary", "open": "warning"}


def verb_label(kind: str, verb: str) -> str:
    """Return what a verb of a sub-task's ledger is called."""
    words = {"open": _("发起"), "drop": _("自动撤销"), "hand_over": _("随工单移交")}
    if verb in words:
        return words[verb]
    return str(FLOWS[kind].step(verb).label)


def task_items(tasks: list[SubTask]) -> list[Item]:
    """Return what happened to these sub-tasks, in order; empty where there are none."""
    if not tasks:
        return []
    known = {(task.kind, task.pk): task for task in tasks}
    condition = Q(pk__in=[])
    for kind in {task.kind for task in tasks}:
        ids = [task.pk for task in tasks if task.kind == kind]
        condition |= Q(subject_type=kind, subject_id__in=ids)
    notes = SubTaskNote.objects.filter(task=OuterRef("subject_id"), seq=OuterRef("seq"))
    entries = Entry.objects.filter(condition).annotate(note=Subquery(notes.values("text")[:1]))
    return [
        _item(entry, known[entry.subject_type, entry.subject_id])
        for entry in with_people(entries).order_by("at", "id")
    ]


def _item(entry: Any, task: SubTask) -> Item:
    facts = [_("对象：%(unit)s") % {"unit": task.unit.name}] if entry.verb == "open" else []
    if entry.data.get("on_time") is False:
        facts.append(_("超过时限"))
    return Item(
        seq=entry.seq,
        verb=entry.verb,
        title=f"{task.get_kind_display()}：{verb_label(task.kind, entry.verb)}",
        at=entry.at,
        who=who_acted(entry),
        text=entry.note or "",
        icon=ICONS[task.kind],
        tone=TONES.get(entry.verb, "purple"),
        facts=facts,
    )
