"""The addresses of the interfaces, for the tests that visit every address."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from factories import make_staff
from linli.base.accounts.queries import actor_of
from linli.doors.api.actions import make_key
from linli.doors.api.models import ApiKey
from linli.kernel.scope import SYSTEM

TITLE = "独角兽夜里鸣叫"


def key(inside: Any) -> dict[str, Any]:
    """Return a key that holds in the inside subdistrict."""
    row = ApiKey.objects.filter(name=TITLE).first()
    if row is None:
        area, now = inside.world.subdistrict, timezone.now()
        row, _text = make_key(actor=SYSTEM, now=now, name=TITLE, area=area, may_read=True)
    return {"key_id": row.pk}


def admin(inside: Any) -> Any:
    return actor_of(make_staff("system_admin", inside.world.subdistrict))


def case(inside: Any) -> dict[str, Any]:
    return {"number": inside.case.number}


def category(_inside: Any) -> dict[str, Any]:
    return {"code": "0101"}


def month(_inside: Any) -> dict[str, Any]:
    return {"year": 2026, "month": 3, "kind": "csv"}


# name -> (arguments, whose account may open it, what is posted)
INTERFACES: dict[str, tuple[Any, Any, dict[str, str]]] = {"api:revoke": (key, admin, {})}
# Anybody may ask these; what they tell is masked (see tests/doors/api).
OPEN: dict[str, Any] = {
    "api:services": lambda _inside: {"kind": "json"},
    "api:discovery": lambda _inside: {"kind": "json"},
    "api:definition": lambda inside: category(inside) | {"kind": "json"},
}
# Asked with a key in a header, which no visitor has: tests/doors/api goes through them.
KEYED = {
    "api:v1:area", "api:v1:service", "api:v1:case", "api:request", "api:requests", "api:token",
    "api:month",
}  # fmt: skip

# (name, address, whose browser, what must stand there)
INTERFACE_PAGES = [
    ("api:keys", "/desk/api-keys/", "admin", "第29系统"),
    ("api:open_data", "/open-data/", "", "CSV"),
    ("api:services", "/open311/v2/services.json", "", "0101"),
    ("api:definition", "/open311/v2/services/0101.xml", "", "nature"),
    ("api:discovery", "/open311/v2/discovery.json", "", "GeoReport"),
    ("api:requests", "/open311/v2/requests.json", "", "["),
    ("api:description", "/open311/v2/openapi.json", "", "openapi"),
    ("api:v1:openapi-view", "/api/v1/docs", "", "swagger"),
    ("api:v1:openapi-json", "/api/v1/openapi.json", "", "CaseOut"),
]
NO_INTERFACE_PAGE = {
    "api:revoke", "api:request", "api:token", "api:month", "api:v1:api-root", "api:v1:areas",
    "api:v1:area", "api:v1:services", "api:v1:service", "api:v1:cases", "api:v1:case",
    "api:v1:report",
}  # fmt: skip


def load_keys(world: Any) -> dict[str, Any]:
    """Make many keys; return who manages them."""
    now = timezone.now()
    for n in range(30):
        make_key(actor=SYSTEM, now=now, name=f"第{n}系统", area=world.district, may_read=True)
    return {"admin": make_staff("system_admin", world.district)}
