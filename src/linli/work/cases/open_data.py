"""Which matters may leave the house for other systems and for everybody, with what is masked."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Case, Nature

# Reports are protected by law; disputes and emergencies name people or places of danger.
CLOSED_NATURES = (Nature.REPORT, Nature.DISPUTE, Nature.EMERGENCY)
DIGITS = 3  # of a degree: about 100 m


def open_to_systems() -> QuerySet[Case]:
    """Return the matters that other systems may know of: no protected ones, reports or disputes."""
    return Case.objects.filter(protected=False).exclude(nature__in=CLOSED_NATURES)


def blurred(degrees: float | None) -> float | None:
    """Return a coordinate rounded to about 100 m, so that it points at no one's door."""
    return None if degrees is None else round(degrees, DIGITS)
