"""The burden board."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..accounts.access import staff_only
from .burden import MONTHS, by_area, by_asker, by_month, parts_for, standing
from .pages import SEEN, actor_with


@staff_only
@require_safe
def burden(request: HttpRequest) -> HttpResponse:
    """Show what sheets cost the communities of the person's areas."""
    actor, now = actor_with(request, "sheets.burden"), timezone.now()
    parts = parts_for(actor, now)
    codes = actor.areas("sheets.burden")
    context = {
        "standing": standing(actor, timezone.localdate(now)),
        "tables": (
            (_("按月（准入下发的月份）"), _("月份"), by_month(parts)),
            (_("按谁要的"), _("谁要"), by_asker(parts)),
            (_("按区域"), _("区域"), by_area(parts, codes)),
        ),
        "months": MONTHS,
        "lists": any(actor.can(permission) for permission in SEEN),
    }
    return render(request, "sheets/burden.html", context)
