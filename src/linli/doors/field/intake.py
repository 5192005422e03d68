"""Hand an event from the field to the cases: one way for the plain form and for the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.base.areas.models import Area
from linli.base.areas.queries import by_code, place_at
from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.scope import Actor
from linli.work.cases.actions import Registered, clean_files, register_case, settle_on_spot
from linli.work.cases.models import Category, Channel, Nature

from .forms import PatrolForm

TITLE = 30


def report_event(
    *, actor: Actor, now: datetime, form: PatrolForm, uploads: Sequence[Any]
) -> Registered | None:
    """Register the event of a valid form, once for each token; None where the form says why not."""
    data = form.cleaned_data
    area = _area(actor, data)
    if area is None or not actor.can("cases.patrol", area.code):
        form.add_error("place", _("这个位置不在您负责的网格内，请重新定位，或从列表选网格、楼栋。"))
        return None
    try:
        files = clean_files(uploads, voice=True)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    report = _report(actor, area, form, now) | {"files": files}
    try:
        if data["settled"]:
            return settle_on_spot(actor=actor, now=now, result=data["result"], **report)
        return register_case(actor=actor, now=now, **report)
    except InvalidStep as error:
        for name, faults in error.form.errors.items():
            form.add_error(name if name in form.fields else None, list(faults))
    except StepRefused as error:
        form.add_error("settled", str(error))
    return None


def intake_key(person: int, token: str) -> str:
    """Return the key under which a person's report is taken in once."""
    return f"field-{person}-{token}"


def _area(actor: Actor, data: dict[str, Any]) -> Area | None:
    if data["lon"] is not None and data["lat"] is not None:
        return place_at(data["lon"], data["lat"])
    chosen: Area | None = data["place"]
    if chosen is None:
        return by_code(actor.areas("cases.patrol")[0])
    return chosen if chosen.level == "grid" else by_code(chosen.code[:15])


def _report(actor: Actor, area: Area, form: PatrolForm, now: datetime) -> dict[str, Any]:
    data = form.cleaned_data
    category: Category = data["category"]
    chosen: Area | None = data["place"]
    lon, lat, address = data["lon"], data["lat"], data["address"]
    if lon is None and chosen is not None:
        lon, lat = chosen.lon, chosen.lat
    if chosen is not None and chosen.level == "building" and not address:
        address = chosen.name
    text = data["text"] or _("（语音，见附件）")
    spoken = _("%(category)s（语音）") % {"category": category.name}
    return {
        "intake_key": intake_key(actor.account_id or 0, data["token"]),
        "channel": Channel.PATROL,
        "nature": Nature.EVENT,
        "category": category,
        "title": data["text"].splitlines()[0][:TITLE] if data["text"] else spoken,
        "text": text,
        "area": area,
        "address": address,
        "lon": lon,
        "lat": lat,
        "facts": form.facts(now),
    }
