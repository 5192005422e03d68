"""Read division and boundary files: every bad row is named, by line, before anything is written."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from shapely import set_precision
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.validation import explain_validity

from .codes import fault_in, level_of, parent_of
from .coordinates import convert
from .generate import PRECISION

LARGEST = 50 * 1024 * 1024
COLUMNS = ("code", "name", "level")


@dataclass(frozen=True)
class BadRow:
    """One row that cannot be taken: its line in the file, what stood there, and why not."""

    line: int
    value: str
    reason: str


@dataclass
class Division:
    """A good row of a division file."""

    line: int
    code: str
    name: str


@dataclass
class Read:
    """What a file holds: good rows, and bad ones. Nothing is imported where there are bad ones."""

    rows: list[Any] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def decode(body: bytes) -> str | None:
    """Return the text of a file in UTF-8 (with or without mark) or GBK, or None."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_divisions(body: bytes, known: set[str]) -> Read:
    """Read a CSV with the columns code, name, level; `known` are the codes that stand already."""
    read = Read()
    text = decode(body) if len(body) <= LARGEST else None
    if len(body) > LARGEST:
        read.bad.append(BadRow(0, "", _("文件超过50 MB")))
    elif text is None or "\0" in text:
        read.bad.append(BadRow(0, "", _("不是文本文件，请另存为UTF-8或GBK编码的CSV")))
    if read.bad or text is None:
        return read
    try:
        table = csv.DictReader(io.StringIO(text))
        missing = [name for name in COLUMNS if name not in (table.fieldnames or [])]
        if missing:
            reason = _("第一行缺少列：%(names)s") % {"names": "、".join(missing)}
            read.bad.append(BadRow(1, ",".join(table.fieldnames or [])[:80], reason))
            return read
        for row in table:
            _read_row(read, table.line_num, row)
    except csv.Error as error:
        read.bad.append(BadRow(0, "", _("CSV格式有误：%(error)s") % {"error": error}))
    _check_tree(read, known)
    if not read.rows and not read.bad:
        read.bad.append(BadRow(1, "", _("文件里没有数据行")))
    return read


def _read_row(read: Read, line: int, row: dict[str, Any]) -> None:
    code, name = (str(row.get(key) or "").strip() for key in ("code", "name"))
    level = str(row.get("level") or "").strip()
    reason = fault_in(code, level)
    if reason is None and not name:
        reason = _("缺少名称")
    if reason is None and len(name) > 80:
        reason = _("名称超过80个字")
    if reason:
        read.bad.append(BadRow(line, code or name, reason))
    else:
        read.rows.append(Division(line, code, name))


def _check_tree(read: Read, known: set[str]) -> None:
    first: dict[str, int] = {}
    for row in read.rows:
        if row.code in first:
            reason = _("编码与第%(line)d行重复") % {"line": first[row.code]}
            read.bad.append(BadRow(row.line, row.code, reason))
        first.setdefault(row.code, row.line)
    for row in read.rows:
        parent = parent_of(row.code)
        if parent and parent not in first and parent not in known:
            reason = _("找不到上级区域%(parent)s") % {"parent": parent}
            read.bad.append(BadRow(row.line, row.code, reason))
    read.bad.sort(key=lambda bad: bad.line)
    read.rows.sort(key=lambda row: (len(row.code), row.code))


def read_boundaries(body: bytes, known: set[str], crs: str) -> Read:
    """Read a GeoJSON FeatureCollection whose features carry `code`; `crs` is wgs84 or gcj02."""
    read = Read()
    try:
        if len(body) > LARGEST:
            raise ValueError(_("文件超过50 MB"))
        data = json.loads(decode(body) or "")
        features = data["features"] if data["type"] == "FeatureCollection" else [data]
        if not isinstance(features, list) or not features:
            raise ValueError(_("没有要素"))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = _("不是可用的GeoJSON：%(error)s") % {"error": str(error)[:120]}
        read.bad.append(BadRow(0, "", reason))
        return read
    seen: set[str] = set()
    for number, feature in enumerate(features, start=1):
        _read_feature(read, number, feature, known, seen, crs)
    return read


def _read_feature(
    read: Read, number: int, feature: Any, known: set[str], seen: set[str], crs: str
) -> None:
    code = ""
    try:
        code = str((feature.get("properties") or {}).get("code") or "").strip()
        reason = fault_in(code)
        if reason is None and code not in known:
            reason = _("没有编码为%(code)s的区域") % {"code": code}
        if reason is None and code in seen:
            reason = _("同一编码出现两次")
        geometry = feature.get("geometry") or {}
        if reason is None and geometry.get("type") not in {"Polygon", "MultiPolygon"}:
            reason = _("图形应为Polygon或MultiPolygon")
        if reason is None:
            geometry = convert(geometry) if crs == "gcj02" else geometry
            reason = _fault_in_shape(shape(geometry))
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, ShapelyError) as error:
        reason = _("图形无法读取：%(error)s") % {"error": str(error)[:120]}
    if reason:
        read.bad.append(BadRow(number, code, reason))
        return
    seen.add(code)
    tidy = set_precision(shape(geometry), PRECISION)
    read.rows.append((code, json.loads(json.dumps(mapping(tidy)))))


def _fault_in_shape(polygon: Any) -> str | None:
    west, south, east, north = polygon.bounds
    if polygon.is_empty:
        return _("图形是空的")
    if west < 73 or east > 136 or south < 3 or north > 54:
        return _("坐标不在中国范围内，应为经度、纬度的顺序")
    if not polygon.is_valid:
        return _("图形有误：%(why)s") % {"why": explain_validity(polygon)}
    return None


def level_name(code: str) -> str:
    """Return the level of a valid code."""
    level = level_of(code)
    return level.value if level else ""
