"""Permissions of cases, and the roles that carry them."""

from __future__ import annotations

DISPATCHERS = ("district_dispatcher", "subdistrict_dispatcher")

POLICIES: dict[str, tuple[str, ...]] = {
    "cases.view": (
        "district_lead",
        *DISPATCHERS,
        "community_worker",
        "grid_worker",
        "hotline_agent",
    ),
    "cases.register": (
        *DISPATCHERS,
        "community_worker",
        "grid_worker",
        "hotline_agent",
        "window_clerk",
    ),
    "cases.accept": (*DISPATCHERS, "hotline_agent"),
    "cases.dispatch": DISPATCHERS,
    # Handling belongs to the unit that holds the case; see `flow.allows`.
    "cases.handle": ("grid_worker", "department_handler", "community_worker", *DISPATCHERS),
    "cases.settle": ("grid_worker", "community_worker", "hotline_agent", *DISPATCHERS),
    # Answering a question from the knowledge base; once dispatched, whoever holds it does.
    "cases.answer": (
        "grid_worker",
        "community_worker",
        "hotline_agent",
        "window_clerk",
        *DISPATCHERS,
    ),
    "cases.patrol": ("grid_worker", "community_worker"),
    "cases.check": ("community_worker", *DISPATCHERS),
    "cases.call_back": ("hotline_agent", "district_dispatcher"),
    "cases.decide_return": DISPATCHERS,
    "cases.merge": DISPATCHERS,
    "cases.supervise": ("district_lead", *DISPATCHERS),
    "cases.whistle": ("community_worker", *DISPATCHERS),
    # Taken by sub-tasks alone; see `flow.allows`.
    "cases.by_task": (),
    # Reading who was praised, within what one sees.
    "cases.praise": (
        "district_lead",
        *DISPATCHERS,
        "community_worker",
        "grid_worker",
        "department_handler",
        "hotline_agent",
    ),
    "cases.note": (
        *DISPATCHERS,
        "community_worker",
        "grid_worker",
        "department_handler",
        "hotline_agent",
    ),
    # Who may learn who reported a protected case, and who reads the record of such looks.
    "cases.informant": ("district_dispatcher", "district_lead"),
    "cases.looks": ("audit_admin", "district_lead"),
    # Mediation 人民调解: who does it, and who sees how it stands (not what was said).
    "cases.mediate": ("community_worker", "subdistrict_dispatcher"),
    "cases.mediation": ("district_lead", *DISPATCHERS, "community_worker"),
    "cases.export": ("district_lead", *DISPATCHERS),
    # Only the one who reported rates, so no role of staff carries this.
    "cases.rate": (),
}
