"""The addresses of the registers, for the tests that visit every address."""

from __future__ import annotations

from typing import Any

from factories import District, make_staff
from linli.base.people.erasing.looking import certificate_token
from record_factories import make_record


def member(inside: Any) -> dict[str, Any]:
    return {"pk": inside.record.resident.pk}


def home(inside: Any) -> dict[str, Any]:
    return {"pk": inside.record.dwelling.pk}


def house(inside: Any) -> dict[str, Any]:
    return {"pk": inside.record.building.pk}


def body(inside: Any) -> dict[str, Any]:
    return {"pk": inside.record.organisation.pk}


def sheet(inside: Any) -> dict[str, Any]:
    return {"pk": inside.record.ledger.pk}


def asked(inside: Any) -> dict[str, Any]:
    return {"pk": inside.record.request.pk}


def erased(inside: Any) -> dict[str, Any]:
    return {"pk": inside.record.erasure.pk}


def officer(inside: Any) -> Any:
    return make_staff("privacy_officer", inside.world.subdistrict)


def whole_officer(inside: Any) -> Any:
    return make_staff("privacy_officer", inside.world.district)


def worker(inside: Any) -> Any:
    return inside.worker


# name -> (arguments, whose account may open it, what is posted)
RECORDS: dict[str, tuple[Any, Any, dict[str, str]]] = {
    "people:resident": (member, worker, {}),
    "people:sections": (member, worker, {}),
    "people:history": (member, worker, {}),
    "people:edit_resident": (member, worker, {}),
    "people:reveal": (member, worker, {"field": "phone", "reason": "核对材料"}),
    "people:leave": (member, worker, {}),
    "people:move_in": (member, worker, {}),
    "people:tag": (member, worker, {}),
    "people:untag": (lambda i: member(i) | {"tag_id": i.record.tag.pk}, worker, {}),
    "people:new_erasure": (member, worker, {}),
    "people:erasure": (erased, worker, {}),
    "people:decide_erasure": (lambda i: erased(i) | {"step": "refuse"}, officer, {}),
    "people:end_hold": (lambda i: {"pk": i.record.hold.pk}, officer, {}),
    "people:withdraw_erasure": (erased, lambda i: i.record.account, {}),
    "people:retention_rule": (
        lambda _i: {"key": "people.looks"},
        whole_officer,
        {"days": "400", "reason": "依据决定"},
    ),
    "people:consents": (member, worker, {}),
    "people:own_consent": (lambda _i: {"purpose": "care"}, lambda i: i.record.account, {}),
    "people:building": (house, worker, {}),
    "people:edit_building": (house, worker, {}),
    "people:new_dwelling": (house, worker, {}),
    "people:dwelling": (home, worker, {}),
    "people:edit_dwelling": (home, worker, {}),
    "people:tenure": (home, worker, {}),
    "people:end_tenure": (lambda i: home(i) | {"tenure_id": i.record.tenure.pk}, worker, {}),
    "people:organisation": (body, worker, {}),
    "people:edit_organisation": (body, worker, {}),
    "people:close_organisation": (body, worker, {}),
    "people:ledger": (sheet, worker, {}),
    "people:ledger_columns": (sheet, worker, {}),
    "people:ledger_progress": (sheet, worker, {}),
    "people:ledger_mend": (sheet, worker, {}),
    "people:ledger_start": (sheet, worker, {}),
    "people:ledger_undo": (sheet, worker, {}),
    "people:ledger_likely": (lambda i: sheet(i) | {"likely_id": i.record.likely.pk}, worker, {}),
    "people:request": (asked, worker, {}),
    "people:decide": (lambda i: asked(i) | {"step": "approve"}, worker, {}),
    "people:withdraw": (asked, lambda i: i.record.account, {}),
}
QUESTIONS_OF_RECORDS = {
    "people:residents": ("q=独角兽", "q=djs", "area={area}", "tag=alone", "export=xlsx"),
    "people:buildings": ("q=独角兽", "area={area}", "export=xlsx"),
    "people:organisations": ("q=独角兽", "area={area}", "export=xlsx"),
    "people:requests": ("state=asked",),
    "people:looks": ("who=白", "export=xlsx"),
}

# (name, address, whose browser, what must stand there)
RECORD_PAGES = [
    ("people:residents", "/desk/people/", "worker", "邻居"),
    ("people:residents", "/desk/people/?q=ls&tag=alone&oldest=0", "worker", ""),
    ("people:new_resident", "/desk/people/new/", "worker", ""),
    ("people:resident", "/desk/people/{record_resident}/", "worker", "独角"),
    ("people:sections", "/desk/people/{record_resident}/sections/", "worker", "工单"),
    ("people:history", "/desk/people/{record_resident}/history/", "worker", "独角"),
    ("people:edit_resident", "/desk/people/{record_resident}/edit/", "worker", ""),
    ("people:leave", "/desk/people/{record_resident}/leave/", "worker", ""),
    ("people:tag", "/desk/people/{record_resident}/tags/", "worker", ""),
    ("people:new_erasure", "/desk/people/{record_resident}/erasure/", "worker", "居住经过"),
    ("accounts:keys", "/desk/keys/", "security", ""),
    ("people:erasures", "/desk/people/erasures/", "officer", ""),
    ("people:erasure", "/desk/people/erasures/{record_erasure}/", "officer", "居住经过"),
    ("people:holds", "/desk/people/holds/", "officer", "诉讼"),
    ("people:own_erasure", "/my/record/erasure/", "record_account", "居住经过"),
    ("people:retention", "/desk/people/retention/", "officer", "短信"),
    ("people:retention_rule", "/desk/people/retention/people.gone/", "officer", "试算"),
    ("people:certificate", "/erasure/{certificate}/", "record_account", "待决定"),
    ("people:consents", "/desk/people/{record_resident}/consents/", "worker", "到期提醒"),
    ("people:move_in", "/desk/people/{record_resident}/home/?q=独角", "worker", "301"),
    (
        "people:move_in", "/desk/people/{record_resident}/home/?dwelling={record_dwelling}",
        "worker", "独角",
    ),
    ("people:buildings", "/desk/buildings/", "worker", "邻居"),
    ("people:new_building", "/desk/buildings/new/", "worker", ""),
    ("people:building", "/desk/buildings/{record_building}/", "worker", "301"),
    ("people:edit_building", "/desk/buildings/{record_building}/edit/", "worker", ""),
    ("people:new_dwelling", "/desk/buildings/{record_building}/dwellings/", "worker", ""),
    ("people:dwelling", "/desk/dwellings/{record_dwelling}/", "worker", "独角"),
    ("people:edit_dwelling", "/desk/dwellings/{record_dwelling}/edit/", "worker", ""),
    ("people:tenure", "/desk/dwellings/{record_dwelling}/tenures/", "worker", ""),
    ("people:organisations", "/desk/organisations/", "worker", "邻居"),
    ("people:new_organisation", "/desk/organisations/new/", "worker", ""),
    ("people:organisation", "/desk/organisations/{record_organisation}/", "worker", "独角"),
    ("people:edit_organisation", "/desk/organisations/{record_organisation}/edit/", "worker", ""),
    ("people:requests", "/desk/people/requests/", "worker", "邻居"),
    ("people:request", "/desk/people/requests/{record_request}/", "worker", "独角二"),
    ("people:looks", "/desk/people/looks/", "audit", ""),
    ("people:imports", "/desk/people/imports/", "worker", "邻居"),
    ("people:ledger", "/desk/people/imports/{record_ledger}/", "worker", "独角"),
    ("people:ledger_columns", "/desk/people/imports/{record_ledger}/columns/", "worker", "姓名"),
    ("people:ledger_progress", "/desk/people/imports/{record_ledger}/progress/", "worker", ""),
    ("people:own", "/my/record/", "record_account", "独角"),
    ("people:ask", "/my/record/ask/", "record_account", ""),
    ("people:take_away", "/my/record/take-away/", "record_account", "独角"),
]  # fmt: skip
NO_RECORD_PAGE = {
    "people:close_organisation",
    "people:decide",
    "people:decide_erasure",
    "people:end_hold",
    "people:end_tenure",
    "people:withdraw_erasure",
    "people:ledger_likely",
    "people:ledger_mend",
    "people:ledger_start",
    "people:ledger_undo",
    "people:own_consent",
    "people:reveal",
    "people:untag",
    "people:withdraw",
}


def load_records(world: District, now: Any, rows: int) -> dict[str, Any]:
    """Make one full home and many others; return what the addresses above need."""
    record = make_record(world, "独角", now=now, members=6)
    for number in range(rows):
        make_record(world, f"邻居{chr(0x4E00 + number)}", now=now)
    found: dict[str, Any] = {
        f"record_{name}": getattr(record, name).pk
        for name in (
            "resident",
            "building",
            "dwelling",
            "organisation",
            "request",
            "ledger",
            "erasure",
        )
    }
    found["certificate"] = certificate_token(record.erasure)
    found["security"] = make_staff("security_admin", world.district)
    found["officer"] = make_staff("privacy_officer", world.district)
    audit = make_staff("audit_admin", world.district)
    return found | {"record_account": record.account, "audit": audit}
