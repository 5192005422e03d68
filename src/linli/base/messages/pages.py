"""A resident's in-box, the log for administrators, and the demonstration's telephone."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.listing.private import opened
from linli.kernel.listing.respond import FormFilters, respond

from ..accounts.access import residents_only, staff_only
from ..accounts.models import Account
from . import queries
from .actions import mark_read, set_sms_off
from .lists import LOG, LogFilterForm, narrow


def _before(request: HttpRequest) -> int | None:
    raw = request.GET.get("before", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None


@require_safe
@residents_only
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the resident's messages, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "page": queries.inbox(actor, _before(request)),
        "unread": queries.unread_count(actor),
        "sms_off": queries.sms_is_off(getattr(request.user, "phone_index", "")),
    }
    return render(request, "messages/inbox.html", context)


@require_POST
@residents_only
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark a message as read and go to what it is about."""
    actor = request.actor  # type: ignore[attr-defined]
    message = queries.get_mine(actor, message_id)
    mark_read(actor=actor, now=timezone.now(), message_id=message.pk)
    own = message.link.startswith("/") and not message.link.startswith("//")
    return HttpResponseRedirect(message.link) if own else redirect("messages:inbox")


@require_POST
@residents_only
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    mark_read(actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    return redirect("messages:inbox")


@require_POST
@residents_only
def choose_sms(request: HttpRequest) -> HttpResponse:
    """Keep whether the resident wants texts on the phone."""
    off = request.POST.get("sms") == "off"
    if isinstance(request.user, Account):
        set_sms_off(account=request.user, off=off, now=timezone.now())
    notes.success(request, _("已关闭短信，验证码除外。") if off else _("已开启短信。"))
    return redirect("messages:inbox")


@require_safe
@staff_only
def desk_inbox(request: HttpRequest) -> HttpResponse:
    """Show a member of staff their messages, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "page": queries.inbox(actor, _before(request)),
        "unread": queries.unread_count(actor),
    }
    return render(request, "messages/desk.html", context)


@require_safe
@staff_only
def unread(request: HttpRequest) -> JsonResponse:
    """Return how many messages wait, for the bell of the desk."""
    actor = request.actor  # type: ignore[attr-defined]
    return JsonResponse({"unread": queries.unread_count(actor)})


@require_POST
@staff_only
def desk_open(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark a message as read and go to what it is about."""
    actor = request.actor  # type: ignore[attr-defined]
    message = queries.get_mine(actor, message_id)
    mark_read(actor=actor, now=timezone.now(), message_id=message.pk)
    own = message.link.startswith("/") and not message.link.startswith("//")
    return HttpResponseRedirect(message.link) if own else redirect("messages:desk_inbox")


@require_POST
@staff_only
def desk_read_all(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    mark_read(actor=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    return redirect("messages:desk_inbox")


@require_safe
@staff_only
def log(request: HttpRequest) -> HttpResponse:
    """Show administrators what became of each text; numbers are masked, texts left out."""
    rows = queries.log(request.actor)  # type: ignore[attr-defined]
    found = FormFilters(
        LogFilterForm(opened(request.GET, LOG.private), auto_id="filter_%s"), rows, narrow
    )
    return respond(request, "messages/log.html", LOG, rows, filters=found, export="messages.log")


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Show what would have rung somewhere; only in a demonstration."""
    if not settings.DEMO:
        raise Http404
    part = bool(getattr(request, "htmx", False))
    template = "messages/parts/console.html" if part else "messages/demo.html"
    return render(request, template, {"rows": queries.console()})
