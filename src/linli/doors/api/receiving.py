"""A matter that another system reports: checked, placed, registered once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.base.areas.models import Area
from linli.base.areas.queries import resolve_place
from linli.kernel.ledger.queries import history
from linli.kernel.scope import Actor
from linli.kernel.secrets.phones import normalise_phone
from linli.work.cases.actions import Registered, register_case
from linli.work.cases.models import Category, Channel

from .models import ApiKey


class Refused(Exception):
    """The report cannot be taken: `field` is what to mend, `status` the code to answer with."""

    def __init__(self, field: str, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.field, self.message, self.status = field, str(message), status


@dataclass(frozen=True)
class Report:
    """What another system says; at least one of point, area and address."""

    category: str
    text: str
    title: str = ""
    nature: str = ""
    lon: float | None = None
    lat: float | None = None
    area_code: str = ""
    address: str = ""
    name: str = ""
    phone: str = ""
    protected: bool = False


def intake_key(key: ApiKey, once: str) -> str:
    """Return the intake key of a report sent with an idempotency key."""
    return f"api-{key.pk}-{hashlib.sha256(once.encode()).hexdigest()[:40]}"


def category_of(code: str) -> Category | None:
    """Return the category in force with this code, or None."""
    rows = Category.objects.select_related("parent")
    return rows.filter(code=code, parent__isnull=False, valid_to=None).first()


def receive(key: ApiKey, report: Report, *, once: str, now: datetime) -> Registered:
    """Register what a key's system reports; the same `once` again gives the first matter.

    Raises Refused where something in it will not do, lies outside the key's area, or where
    `once` came before with something else (409).
    """
    category = category_of(report.category)
    if category is None:
        raise Refused("category", _("没有这个类别。"), 404)
    area, phone, body = _place(key, report), _phone(report.phone), _digest(report)
    done = register_case(
        actor=Actor(kind="system", name=key.name),
        now=now,
        intake_key=intake_key(key, once),
        channel=Channel.SYSTEM,
        title=report.title or _title(report.text),
        text=report.text,
        nature=report.nature or None,
        category=category,
        area=area,
        address=report.address,
        lon=report.lon,
        lat=report.lat,
        reporter_name=report.name,
        reporter_phone=phone,
        protected=report.protected,
        facts={"api_key": key.pk, "body": body},
    )
    if done.repeated:
        first = history("case", done.case.pk).filter(verb="register").first()
        if first is None or first.data.get("body") != body:
            raise Refused("Idempotency-Key", _("这个幂等键已用于另一件事。"), 409)
    return done


def _place(key: ApiKey, report: Report) -> Area:
    place = resolve_place(
        lon=report.lon, lat=report.lat, place_code=report.area_code, address=report.address
    )
    if place.area is None:
        field = "area_code" if place.field == "community" else place.field
        raise Refused(field, place.problem)
    if not place.area.code.startswith(key.area_code):
        raise Refused("area_code", _("地点不在这个密钥的范围内。"), 403)
    return place.area


def _phone(raw: str) -> str:
    try:
        return normalise_phone(raw) if raw.strip() else ""
    except ValidationError as error:
        raise Refused("phone", error.messages[0]) from error


def _digest(report: Report) -> str:
    whole: dict[str, Any] = dict(vars(report))
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def _title(text: str) -> str:
    first = text.strip().splitlines()[0]
    for mark in "。！？；!?;":
        first = first.split(mark)[0]
    return first[:30] or text.strip()[:30]
