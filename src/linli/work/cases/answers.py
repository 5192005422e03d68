"""Answers to consultations: a source above plugs in what it knows; a case keeps what was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

if TYPE_CHECKING:
    from .models import Case

SHORTEST = 2  # characters typed before anything is looked for


@dataclass(frozen=True)
class Offer:
    """An answer in force: `key` is the article's number, `version` which one of its texts.

    `version_id` is the source's own; `percent` tells how well it fits what was asked.
    """

    key: str
    version: int
    version_id: int
    title: str
    text: str
    expires_on: date
    place: str
    percent: int
    href: str


class AnswerSource(Protocol):
    """Where answers come from."""

    def search(self, text: str, today: date, area_code: str, category: Any) -> list[Offer]:
        """Return what may answer a text at a place on a day, the best first."""

    def get(self, key: str, today: date, area_code: str) -> Offer | None:
        """Return the answer with this key if it is in force for the place on the day."""

    def used(self, offer: Offer, case: Case, now: datetime) -> None:
        """Count the use, in the caller's transaction."""


_SOURCES: list[AnswerSource] = []


def register_answer_source(source: AnswerSource) -> None:
    """Plug in the source of answers; call it from AppConfig.ready(). A second one raises."""
    if _SOURCES:
        raise RuntimeError("there is a source of answers already")
    _SOURCES.append(source)


def offers(text: str, *, now: datetime, area_code: str = "", category: Any = None) -> list[Offer]:
    """Return what may answer a text, the best first; nothing where no source is plugged in."""
    if not _SOURCES or len(text.strip()) < SHORTEST:
        return []
    return _SOURCES[0].search(text, timezone.localdate(now), area_code, category)


def find_offer(key: str, *, now: datetime, area_code: str) -> Offer | None:
    """Return the answer with this key if it is in force for the place, else None."""
    return _SOURCES[0].get(key, timezone.localdate(now), area_code) if _SOURCES else None


def count_use(offer: Offer, case: Case, now: datetime) -> None:
    """Tell the source that its answer closed a case."""
    _SOURCES[0].used(offer, case, now)
