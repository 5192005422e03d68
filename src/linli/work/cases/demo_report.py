"""How the demonstration's cases are reported: where, what, by whom, through which door."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from linli.kernel.scope import ANONYMOUS, SYSTEM, Actor

from . import demo_texts as texts
from . import demo_times as times
from .actions.bulk import Plan, Stored
from .demo_cast import Cast, Place
from .models import Category

CHANNELS = {
    "website": 34, "hotline": 30, "patrol": 16, "window": 8, "kiosk": 3, "sms": 3, "system": 3,
    "above": 3,
}  # fmt: skip
OFFICE_HOURS = {"patrol", "window", "kiosk", "above"}
# What grid workers see on their rounds; and how often leaves are reported beside the usual 1.
SEEN_ON_ROUNDS = ("0101", "0102", "0103", "0104", "0107", "0202", "0408", "0701", "0703", "1302",
                  "1303", "0201")  # fmt: skip
FREQUENT = {"0101": 5, "1301": 5, "0302": 3.5, "0201": 3, "0504": 2.5, "0105": 3, "0205": 3,
            "0301": 2, "0701": 2.5, "0702": 2, "1302": 2, "0501": 2, "1103": 2, "0401": 1.6,
            "0803": 0.3, "0206": 0.5, "0707": 0.5, "1208": 0.8}  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗"
HOT_SPOTS = ("0201", "0101", "1301", "0504", "0505", "0701")
# What has come up in this week alone: the first among a named log-in's own grids.
BURSTS = ("0104", "0508")


class Reporter:
    """Draws reports; every draw comes from `rng`, so the same seed gives the same reports."""

    def __init__(self, rng: Random, cast: Cast, leaves: list[Category], photos: list[Stored]):
        self.rng, self.cast, self.photos = rng, cast, photos
        self.leaves = leaves
        self.by_code = {leaf.code: leaf for leaf in leaves}
        self.places = list(accumulate(place.weight for place in cast.places))
        self.months = {month: self._weights(month) for month in range(1, 13)}
        count = min(len(HOT_SPOTS), len(cast.places))
        self.hot = list(zip(rng.sample(cast.places, count), HOT_SPOTS, strict=False))
        self.bursts = list(zip(self._burst_places(), BURSTS, strict=False))
        self.serial = 0

    def _burst_places(self) -> list[Place]:
        """Return a grid of a named community worker, where there is one, and one far from it."""
        codes = tuple(
            grant.area_code
            for actor, _account in self.cast.focus
            for grant in actor.grants
            if grant.role == "community_worker"
        )
        places = self.cast.places
        near = [place for place in places if codes and place.area.code.startswith(codes)]
        first = (near or places)[:1]
        return first + [p for p in reversed(places) if p not in first][:1]

    def _weights(self, month: int) -> list[float]:
        return list(
            accumulate(
                FREQUENT.get(leaf.code, 1.0) * times.season(leaf.code, month)
                for leaf in self.leaves
            )
        )

    def place(self) -> Place:
        """Return a place, big ones more often."""
        return self.rng.choices(self.cast.places, cum_weights=self.places)[0]

    def category(self, at: datetime) -> Category:
        """Return a category in season."""
        return self.rng.choices(self.leaves, cum_weights=self.months[at.month])[0]

    def draw(self, midnight: datetime, recent: bool, burst: bool) -> tuple[Plan, Place]:
        """Return a report of one day; `recent` days show lasting sores, `burst` days new ones."""
        rng = self.rng
        channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        at = times.moment(rng, midnight, office=channel in OFFICE_HOURS)
        place, category = self.place(), self.category(at)
        if recent and self.hot and rng.random() < 0.05:
            place, code = rng.choice(self.hot)
            category = self.by_code.get(code, category)
        fresh = burst and self.bursts and channel != "patrol" and rng.random() < 0.08
        if fresh:
            place, code = rng.choice(self.bursts)
            category = self.by_code.get(code, category)
        if channel == "patrol":
            code = rng.choice(SEEN_ON_ROUNDS)
            category = self.by_code.get(code, category)
            if not place.staff["grid"]:
                channel = "hotline"
        return self.make(at, place, category, channel), place

    def make(self, at: datetime, place: Place, category: Category, channel: str) -> Plan:
        """Return the plan of one report without what follows."""
        rng = self.rng
        self.serial += 1
        where = f"{place.community.short_name}{texts.spot(rng)}"
        title, text = texts.report(rng, category.code, where)
        lon, lat = place.point(rng) if rng.random() < 0.72 else (None, None)
        actor, who = self._who(place, channel)
        report: dict[str, Any] = {
            "intake_key": f"demo-{self.serial}",
            "channel": channel,
            "title": title,
            "text": text,
            "category": category,
            "area": place.area,
            "address": where,
            "lon": lon,
            "lat": lat,
            "nature": "event" if channel == "patrol" else None,
        } | who
        photos = (
            [rng.choice(self.photos)]
            if self.photos and channel in {"website", "patrol"} and rng.random() < 0.35
            else []
        )
        code = "".join(rng.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))
        return Plan(actor=actor, at=at, report=report, photos=photos, code=code)

    def _who(self, place: Place, channel: str) -> tuple[Actor, dict[str, Any]]:
        rng = self.rng
        named = {
            "reporter_name": rng.choice(SURNAMES) + rng.choice(("女士", "先生")),
            "reporter_phone": f"1900000{rng.randrange(10000):04d}",
        }
        account = rng.choice(place.residents) if place.residents else None
        if channel == "website" and account and rng.random() < 0.72:
            return Actor(kind="resident", account_id=account.pk, name=account.name), {}
        if channel in {"hotline", "above"} and self.cast.agents:
            known = {"reporter_id": account.pk} if account and rng.random() < 0.3 else {}
            return rng.choice(self.cast.agents), named | known
        if channel == "window" and place.staff["checkers"]:
            return rng.choice(place.staff["checkers"]), named
        if channel == "patrol":
            return rng.choice(place.staff["grid"]), {}
        if channel == "system":
            return SYSTEM, {}
        return ANONYMOUS, named if channel != "website" or rng.random() < 0.5 else {}


def shortly(rng: Random, at: datetime) -> datetime:
    """Return a few seconds later, as the system itself takes."""
    return at + timedelta(seconds=rng.randint(1, 4))
