"""From the problems of a round to the cases reported for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from linli.work.cases.queries import cases_by_key
from linli.work.patrols.links import Reported

from .intake import intake_key


def reported_cases(asked: Iterable[tuple[int, str]]) -> Mapping[tuple[int, str], Reported]:
    """Return the cases by (who reported, key of the report), as the phone made it."""
    wanted = {intake_key(person, key): (person, key) for person, key in asked}
    return {
        wanted[key]: Reported(case.number, reverse("cases:detail", args=[case.number]))
        for key, case in cases_by_key(wanted).items()
    }
