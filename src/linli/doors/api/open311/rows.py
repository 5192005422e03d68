"""What GeoReport v2 tells of services and requests; masked, but for keys that may read texts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.work.cases.models import Case, Category, Nature
from linli.work.cases.queries import blurred

from ..models import ApiKey
from ..queries import changed_at

OPEN, CLOSED = "open", "closed"
ENDED = ("closed", "declined", "merged")
# What a reporter may choose; the others are found out by the offices.
NATURES = (
    Nature.HELP, Nature.COMPLAINT, Nature.REPORT, Nature.SUGGESTION, Nature.CONSULTATION,
)  # fmt: skip


def service_row(row: Category) -> dict[str, Any]:
    """Return a category as a service."""
    return {
        "service_code": row.code, "service_name": row.name, "description": row.name,
        "metadata": True, "type": "realtime", "keywords": ",".join(row.keywords.split()),
        "group": row.parent.name if row.parent else "",
    }  # fmt: skip


def definition_row(row: Category) -> dict[str, Any]:
    """Return what may be said besides with a report of this category."""
    natures = [{"key": nature.value, "name": str(nature.label)} for nature in NATURES]
    yes_no = [{"key": "no", "name": _("否")}, {"key": "yes", "name": _("是")}]
    return {
        "service_code": row.code,
        "attributes": [
            _attribute("nature", 1, _("性质"), _("不选按类别通常的性质登记"), natures),
            _attribute("protected", 2, _("对反映人身份保密"), _("举报一律保密"), yes_no),
        ],
    }


def _attribute(
    code: str, order: int, name: str, hint: str, values: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "variable": True, "code": code, "datatype": "singlevaluelist", "required": False,
        "datatype_description": hint, "order": order, "description": name, "values": values,
    }  # fmt: skip


def may_read_text(case: Case, key: ApiKey | None) -> bool:
    """Tell whether a key's system may read what was written: in its area, or its own report."""
    if key is None:
        return False
    own = case.intake_key.startswith(f"api-{key.pk}-")
    return own or (key.may_read_texts and case.area_code.startswith(key.area_code))


def request_row(case: Case, key: ApiKey | None) -> dict[str, Any]:
    """Return a matter as a service request."""
    full = may_read_text(case, key)
    place = case.area if case.area.level != "grid" else case.area.parent or case.area
    masked = f"{case.category.name}（{place.name}）"
    return {
        "service_request_id": case.number,
        "status": CLOSED if case.state in ENDED else OPEN,
        "status_notes": case.get_state_display(),
        "service_name": case.category.name,
        "service_code": case.category.code,
        "description": case.text if full else masked,
        "agency_responsible": case.unit.name if case.unit else "",
        "service_notice": "",
        "requested_datetime": case.created_at,
        "updated_datetime": changed_at(case),
        "expected_datetime": case.due_at,
        "address": case.address if full else place.name,
        "address_id": place.code,
        "zipcode": "",
        "lat": case.lat if full else blurred(case.lat),
        "long": case.lon if full else blurred(case.lon),
        "media_url": "",
    }
