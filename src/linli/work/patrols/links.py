"""What others plug in: the categories a problem may have, and the cases reported from a round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Groups = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Reported:
    """The case that came of a problem: its number, and where it stands."""

    number: str
    href: str


_CATEGORIES: list[Callable[[], Groups]] = []
# Who reported and the key of the report: that is what the phone knows of it.
Report = tuple[int, str]
_REPORTS: list[Callable[[Iterable[Report]], Mapping[Report, Reported]]] = []


def register_links(
    *,
    categories: Callable[[], Groups],
    reports: Callable[[Iterable[Report]], Mapping[Report, Reported]],
) -> None:
    """Plug in the choices of categories by code, and the look-up of cases by the key of a report.

    Call it from AppConfig.ready(); a second call raises.
    """
    if _CATEGORIES:
        raise RuntimeError("the categories of problems are plugged in already")
    _CATEGORIES.append(categories)
    _REPORTS.append(reports)


def category_choices() -> Groups:
    """Return the categories a problem may have."""
    return _CATEGORIES[0]() if _CATEGORIES else []


def reported(asked: Iterable[Report]) -> Mapping[Report, Reported]:
    """Return the cases that came of problems, by who reported and the key of the report."""
    wanted = [(person, key) for person, key in asked if key]
    return _REPORTS[0](wanted) if _REPORTS and wanted else {}
