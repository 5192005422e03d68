"""Answers of GeoReport v2 in JSON and XML, from the same rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse

FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What a list within an element is called, and its items.
ITEMS = {
    "attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip


class Fault(Exception):
    """An error of the specification: an HTTP status, and a sentence that says what to mend."""

    def __init__(self, status: int, message: Any) -> None:
        super().__init__(str(message))
        self.status, self.message = status, str(message)


def reply(
    kind: str, root: str, item: str, rows: Sequence[Mapping[str, Any]], status: int = 200
) -> HttpResponse:
    """Return rows as JSON, or as XML with elements `root` and `item`."""
    if kind == "json":
        body = json.dumps([_plain(row) for row in rows], ensure_ascii=False).encode()
    else:
        top = ET.Element(root)
        for row in rows:
            _fill(ET.SubElement(top, item), row)
        body = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, status=status, content_type=FORMATS[kind])


def reply_one(kind: str, root: str, row: Mapping[str, Any]) -> HttpResponse:
    """Return one thing: an object in JSON, one element in XML."""
    if kind == "json":
        body = json.dumps(_plain(row), ensure_ascii=False).encode()
    else:
        top = ET.Element(root)
        _fill(top, row)
        body = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type=FORMATS[kind])


def reply_fault(kind: str, fault: Fault) -> HttpResponse:
    """Return an error as the specification lays it out."""
    row = {"code": fault.status, "description": fault.message}
    return reply(kind, "errors", "error", [row], fault.status)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _fill(element: ET.Element, row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        child = ET.SubElement(element, name)
        if isinstance(value, list | tuple):
            for part in value:
                inner = ET.SubElement(child, ITEMS.get(name, "item"))
                if isinstance(part, Mapping):
                    _fill(inner, part)
                else:
                    inner.text = _text(part)
        else:
            child.text = _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else _printable(str(value))


def _printable(text: str) -> str:
    """Leave out the control characters that XML 1.0 cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 32)
