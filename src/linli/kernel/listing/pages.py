"""Save and forget a view of a list; opening one is the list itself with its filters."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..scope import Actor
from . import actions
from .private import closed


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


NOT_FILTERS = {"next", "private", "csrfmiddlewaretoken"}


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Lead back to the list that asks, with its filters in the address, private ones sealed."""
    target = urlsplit(request.POST.get("next", "/")).path or "/"
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, None):
        target = "/"
    names = set(request.POST.get("private", "").split())
    query = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if name not in NOT_FILTERS:
            query.setlist(name, [closed(one) if name in names else one for one in values if one])
    text = query.urlencode()
    return HttpResponseRedirect(f"{target}?{text}" if text else target)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters posted under the name posted."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    posted = {key: request.POST.get(key, "") for key in ("list", "name", "query")}
    try:
        actions.save_view(
            actor=actor,
            now=timezone.now(),
            list_key=posted["list"],
            name=posted["name"],
            query=posted["query"],
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已保存视图“%(name)s”。") % {"name": posted["name"].strip()})
    return _back(request)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of the person's own views."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actions.delete_view(actor=actor, view_id=pk)
    messages.success(request, _("视图已删除。"))
    return _back(request)
