"""The keys for encryption at rest, for the security administrator: names and progress only."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.kernel.secrets import keys
from linli.kernel.secrets.models import IndexKey, KeyRotation

from .access import staff_only
from .pages_desk import need


@require_safe
@staff_only
def ring(request: HttpRequest) -> HttpResponse:
    """Show which keys are in the ring, which seals new values, and how far rotations are."""
    need(request, "secrets.view")
    context = {
        "names": list(keys.ring()),
        "cipher": settings.DATA_CIPHER,
        "in_file": bool(settings.DATA_KEY_FILE),
        "index_since": IndexKey.objects.values_list("since", flat=True).first(),
        "index_in_file": bool(settings.BLIND_INDEX_KEY_FILE),
        "rotations": KeyRotation.objects.order_by("-id")[:20],
    }
    return render(request, "accounts/desk/keys.html", context)
