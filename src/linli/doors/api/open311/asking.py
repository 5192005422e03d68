"""Read a report as GeoReport v2 sends it: form fields to what the house registers."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from ..receiving import Report
from .replies import Fault
from .rows import NATURES

LONGEST = 4000
SIZES = {"address_string": 160, "first_name": 20, "last_name": 20, "phone": 24, "media_url": 300}


def read_report(said: Callable[[str], str]) -> Report:
    """Return the report; raises Fault with the first field that will not do."""
    code, text = said("service_code"), said("description")
    if not code:
        raise Fault(400, _("缺少 service_code。"))
    if not 4 <= len(text) <= LONGEST:
        raise Fault(400, _("description 要有4到4000个字。"))
    for name, most in SIZES.items():
        if len(said(name)) > most:
            raise Fault(400, _("%(name)s 太长，最多%(n)d个字。") % {"name": name, "n": most})
    lon, lat = _degrees(said, "long", 180), _degrees(said, "lat", 90)
    if (lon is None) != (lat is None):
        raise Fault(400, _("lat 和 long 要一起给。"))
    nature = said("attribute[nature]")
    if nature and nature not in NATURES:
        raise Fault(400, _("attribute[nature] 不在可选值里。"))
    return Report(
        category=code, text=text + _picture(said("media_url")), nature=nature, lon=lon, lat=lat,
        area_code=said("address_id"), address=said("address_string"),
        name=f"{said('last_name')}{said('first_name')}", phone=said("phone"),
        protected=said("attribute[protected]") == "yes",
    )  # fmt: skip


def _degrees(said: Callable[[str], str], name: str, most: int) -> float | None:
    raw = said(name)
    if not raw:
        return None
    try:
        value = float(raw)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > most:
        raise Fault(400, _("%(name)s 不是经纬度。") % {"name": name})
    return value


def _picture(url: str) -> str:
    """Return a line with the picture's address; nothing is fetched from outside."""
    if not url:
        return ""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Fault(400, _("media_url 要以 http:// 或 https:// 开头。"))
    return f"\n{_('图片地址')}：{url}"
