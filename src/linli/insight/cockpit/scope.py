"""Over which area a page is drawn: the viewer's own, or one below it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from linli.base.areas.models import Area, Level
from linli.kernel.scope import Actor

SHOWN = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)


@dataclass(frozen=True)
class View:
    """The area of a page, its parts, and the way up as far as the viewer may go.

    Parts that ended are among them, because what was done there is counted under their codes.
    """

    area: Area
    parts: tuple[Area, ...]
    above: tuple[Area, ...]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the area and of its parts."""
        return [self.area.code, *(part.code for part in self.parts)]


def view_of(actor: Actor, code: str) -> View:
    """Return the view of an area, the viewer's widest where none is named, in one query.

    Raises PermissionDenied without the permission, and Http404 outside the viewer's areas.
    """
    allowed = actor.areas("cockpit.view")
    if not allowed:
        raise PermissionDenied
    code = code or allowed[0]
    if not any(code.startswith(seen) for seen in allowed):
        raise Http404
    line = {code[:6], code[:9], code[:12]}
    rows = Area.objects.filter(Q(code__in=line) | Q(parent__code=code), level__in=SHOWN)
    found: dict[str, Area] = {}
    for row in rows.defer("boundary", "keywords").order_by("code"):
        if row.code not in found or row.valid_to is None:
            found[row.code] = row
    if code not in found:
        raise Http404
    return View(
        area=found[code],
        parts=tuple(row for key, row in found.items() if len(key) > len(code)),
        above=tuple(
            row
            for key, row in found.items()
            if len(key) < len(code) and any(key.startswith(seen) for seen in allowed)
        ),
    )
