"""The story of a case, from the ledger: what happened, who did it, when, and what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.accounts.models import AccountKind, Unit

from .flow import CASE_FLOW
from .models import Adoption, Attachment, Case
from .queries import attachments_of, story_of

ICONS = {
    "register": "file-plus", "accept": "check", "decline": "x", "dispatch": "send",
    "sign_in": "writing", "contact": "phone", "report_done": "tool", "close": "circle-check",
    "settle": "circle-check", "send_back": "arrow-back-up", "ask_return": "arrow-back",
    "grant_return": "arrow-fork", "refuse_return": "ban", "call_back": "phone-call",
    "rate": "star", "add_note": "note", "extend": "calendar-plus", "suspend": "player-pause",
    "move_area": "map-2", "answer": "book", "thank": "heart",
    "resume": "player-play", "take_up": "arrow-big-up-line",
    "merge": "arrow-merge", "unmerge": "arrow-fork", "take_in": "arrow-merge",
    "let_go": "arrow-fork",
}  # fmt: skip
TONES = {
    "decline": "danger", "send_back": "danger", "close": "success", "settle": "success",
    "answer": "success",
    "thank": "success",
    "ask_return": "warning", "refuse_return": "warning", "rate": "info", "call_back": "info",
}  # fmt: skip


@dataclass
class Item:
    """One line of the timeline."""

    seq: int
    verb: str
    title: str
    at: datetime
    who: str = ""
    text: str = ""
    icon: str = "circle"
    tone: str = ""
    facts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def timeline(case: Case, *, public: bool = False) -> list[Item]:
    """Return the case's story in order; `public` is the reporter's view (units, not names)."""
    entries = story_of(case, public=public)
    files: dict[int, list[Attachment]] = {}
    for attachment in attachments_of(case):
        files.setdefault(attachment.seq, []).append(attachment)
    units = _names(entries)
    items = []
    for entry in entries:
        items.append(
            Item(
                seq=entry.seq,
                verb=entry.verb,
                title=_title(entry.verb),
                at=entry.at,
                who=_who(entry, case, public),
                text=entry.note or "",
                icon=ICONS.get(entry.verb, "circle"),
                tone=TONES.get(entry.verb, ""),
                facts=_facts(entry, units),
                attachments=files.get(entry.seq, []),
            )
        )
    return items


def _who(entry: Any, case: Case, public: bool) -> str:
    """Return who acted; of a protected reporter neither the name nor whether they have one."""
    if case.protected and not public and entry.actor_kind in {"resident", "anonymous"}:
        return _("反映人（身份受保护）")
    return who_acted(entry, public)


def _title(verb: str) -> str:
    if verb == "register":
        return _("登记")
    if verb == "move_area":
        return _("区划调整，随辖区移交")
    return str(CASE_FLOW.step(verb).label)


def _names(entries: list[Any]) -> dict[int, str]:
    unit_ids = {
        value
        for entry in entries
        for name in ("unit", "proposed", "from_unit")
        if isinstance(value := entry.data.get(name), int)
    }
    return dict(Unit.objects.filter(pk__in=unit_ids).values_list("pk", "name"))


def who_acted(entry: Any, public: bool = False) -> str:
    """Return who made a ledger entry (fetched `with_people`); units, not names, where public."""
    if entry.actor_kind == "system" and entry.actor_id is None:
        return _("系统自动")
    name, place = entry.person_name, entry.person_place or ""
    if entry.person_kind is None:
        return _("反映人（未登录）")
    if entry.person_kind != AccountKind.STAFF:
        return _("反映人") if public else name or _("反映人")
    if public:
        return place or _("工作人员")
    return _("%(name)s（%(unit)s）") % {"name": name, "unit": place} if place else str(name)


def _facts(entry: Any, units: dict[int, str]) -> list[str]:
    data, facts = entry.data, []
    if (
        entry.verb in {"dispatch", "grant_return", "take_up", "move_area"}
        and data.get("unit") in units
    ):
        facts.append(_("承办单位：%(unit)s") % {"unit": units[data["unit"]]})
    if entry.verb == "ask_return" and data.get("proposed") in units:
        facts.append(_("建议承办单位：%(unit)s") % {"unit": units[data["proposed"]]})
    if data.get("article"):
        facts.append(
            _("依据知识库%(number)s第%(version)d版")
            % {"number": data["article"], "version": data["article_version"]}
        )
    if data.get("adoption"):
        facts.append(str(Adoption(data["adoption"]).label))
    if data.get("other"):
        facts.append(_("另一件：%(number)s") % {"number": data["other"]})
    if data.get("seen_at"):
        seen = timezone.localtime(datetime.fromisoformat(data["seen_at"]))
        facts.append(
            _("发现时间：%(at)s（断网时记录，后来送出）") % {"at": f"{seen:%Y-%m-%d %H:%M}"}
        )
    if data.get("accuracy"):
        facts.append(_("定位误差约%(n)d米") % {"n": data["accuracy"]})
    if data.get("on_time") is False:
        facts.append(_("超过时限"))
    if data.get("rating"):
        facts.append(_("评分：%(n)d 星") % {"n": data["rating"]})
    if data.get("solved") is not None:
        facts.append(_("反映人认为已解决") if data["solved"] else _("反映人认为未解决"))
    return facts
