"""Dwellings with their households: from the register, or from an uploaded CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from math import isfinite
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import Point

from ..coordinates import to_wgs84
from ..importing import BadRow, Read, decode

COLUMNS = ("lon", "lat", "households")
LARGEST, MOST = 5 * 1024 * 1024, 20_000
MOST_HOUSEHOLDS = 5000


@dataclass(frozen=True)
class Dwelling:
    """A building or building group: where it stands (WGS 84), its households, what it is called."""

    lon: float
    lat: float
    households: int
    label: str = ""


def read_dwellings(body: bytes, outline: Any, crs: str = "wgs84") -> Read:
    """Read a CSV with lon, lat, households and perhaps label; rows outside `outline` are bad."""
    read = Read()
    text = decode(body) if len(body) <= LARGEST else None
    if len(body) > LARGEST:
        read.bad.append(BadRow(0, "", _("文件超过5 MB")))
    elif text is None or "\0" in text:
        read.bad.append(BadRow(0, "", _("不是文本文件，请另存为UTF-8或GBK编码的CSV")))
    if read.bad or text is None:
        return read
    shapely.prepare(outline)
    try:
        table = csv.DictReader(io.StringIO(text))
        missing = [name for name in COLUMNS if name not in (table.fieldnames or [])]
        if missing:
            reason = _("第一行缺少列：%(names)s") % {"names": "、".join(missing)}
            read.bad.append(BadRow(1, ",".join(table.fieldnames or [])[:80], reason))
            return read
        for row in table:
            _read_row(read, table.line_num, row, outline, crs)
    except csv.Error as error:
        read.bad.append(BadRow(0, "", _("CSV格式有误：%(error)s") % {"error": error}))
    if len(read.rows) > MOST:
        read.bad.append(BadRow(0, "", _("超过%(n)d行") % {"n": MOST}))
    if not read.rows and not read.bad:
        read.bad.append(BadRow(1, "", _("文件里没有数据行")))
    return read


def _read_row(read: Read, line: int, row: dict[str, Any], outline: Any, crs: str) -> None:
    texts = {key: str(row.get(key) or "").strip() for key in (*COLUMNS, "label")}
    value = ",".join(texts[key] for key in COLUMNS)[:80]
    reason, lon, lat = None, _number(texts["lon"]), _number(texts["lat"])
    households = int(texts["households"]) if _whole(texts["households"]) else -1
    if lon is None or lat is None:
        reason = _("经纬度不是数字")
    elif not 0 <= households <= MOST_HOUSEHOLDS:
        reason = _("户数应为0至%(most)d的整数") % {"most": MOST_HOUSEHOLDS}
    else:
        lon, lat = to_wgs84(lon, lat) if crs == "gcj02" and _sane(lon, lat) else (lon, lat)
        if not _sane(lon, lat) or not outline.intersects(Point(lon, lat)):
            reason = _("不在本社区范围内")
    if reason or lon is None or lat is None:
        read.bad.append(BadRow(line, value, reason or ""))
        return
    label = texts["label"][:80] or _("第%(line)d行") % {"line": line}
    read.rows.append(Dwelling(round(lon, 7), round(lat, 7), households, label))


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _sane(lon: float, lat: float) -> bool:
    return 73 <= lon <= 136 and 3 <= lat <= 54
