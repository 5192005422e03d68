"""Keys of other systems on the desk: list, make, take back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.base.accounts.access import staff_only
from linli.kernel.scope import Actor

from . import actions, queries
from .forms import KeyForm


def _manager(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("api.manage"):
        raise PermissionDenied
    return actor


@never_cache
@staff_only
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys; a new one's text is shown this once and is nowhere afterwards."""
    actor, fresh, text = _manager(request), None, ""
    form = KeyForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        fresh, text = actions.make_key(
            actor=actor, now=timezone.now(), area=data.pop("area_code"), **data
        )
        form = KeyForm(actor)
    context = {
        "form": form, "fresh": fresh, "text": text, "rows": queries.visible_keys(actor)[:200],
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "api/keys.html", context, status=422 if form.errors else 200)


@staff_only
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Take a key back."""
    actor = _manager(request)
    row = queries.get_key(actor, key_id)
    actions.revoke_key(row.pk, actor=actor, now=timezone.now())
    messages.success(request, _("已收回“%(name)s”的密钥，立即失效。") % {"name": row.name})
    return redirect("api:keys")
