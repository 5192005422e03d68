"""Changes of areas on the desk: the list, choosing, the form with its preview, and the result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.flow.names import actor_name
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor

from .. import queries
from ..actions.rehearsal import rehearse
from ..models import Area, Level, Succession
from ..moving import moved_in_words
from ..pages import staff
from . import queries as changes
from .forms import ChangeForm, SplitForm
from .kinds import Kind, kinds_for, prepared
from .lists import CHANGES, ChangeFilterForm, narrow


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every change, the latest first; an old name or code finds it too."""
    actor = staff(request)
    rows = changes.visible_acts(actor)
    found = FormFilters(ChangeFilterForm(request.GET, auto_id="filter_%s"), rows, narrow)
    may_change = actor.can("areas.succeed") or actor.can("areas.edit")
    return respond(
        request, "areas/changes.html", CHANGES, rows, filters=found, export="areas.view",
        context={"may_change": may_change},
    )  # fmt: skip


def _changer(request: HttpRequest) -> Actor:
    actor = staff(request)
    if not (actor.can("areas.succeed") or actor.can("areas.edit")):
        raise PermissionDenied
    return actor


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose an area by name or code, then what to do with it."""
    actor = _changer(request)
    text, code = request.GET.get("q", "")[:80], request.GET.get("area", "")[:18]
    context: dict[str, Any] = {"q": text}
    if code:
        area = queries.get_area(actor, code)
        context |= {"area": area, "kinds": kinds_for(actor, area)}
    elif text.strip():
        found = [area for area in queries.find(text) if kinds_for(actor, area)]
        context |= {"found": found, "former": changes.find_former(text)}
    return render(request, "areas/change_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Fill in the form of a change, see what it will do, and confirm it."""
    actor, now = _changer(request), timezone.now()
    area = queries.get_area(actor, code)
    chosen = next((one for one in kinds_for(actor, area) if one.key == kind), None)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return _form(request, area, chosen, chosen.form(area))
    form = chosen.form(area, request.POST)
    if not form.is_valid():
        return _form(request, area, chosen, form, 422)
    if "back" in request.POST:
        return _form(request, area, chosen, form)
    do = prepared(chosen, form, actor, now)
    try:
        if "confirm" not in request.POST:
            return _preview(request, area, chosen, form, rehearse(do))
        act = do()
    except ValidationError as error:
        _put(form, error)
        return _form(request, area, chosen, form, 422)
    messages.success(request, _("区域变更已生效。"))
    return redirect("areas:changed", act=act.key)


def _put(form: ChangeForm, error: ValidationError) -> None:
    """Show a refusal at the field it concerns, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for field, words in error.message_dict.items():
        form.add_error(field if field in form.fields else None, words)


def _form(
    request: HttpRequest, area: Area, kind: Kind, form: ChangeForm, status: int = 200
) -> HttpResponse:
    context = {"area": area, "kind": kind, "form": form, "split": isinstance(form, SplitForm)}
    return render(request, "areas/change_form.html", context, status=status)


def _preview(
    request: HttpRequest, area: Area, kind: Kind, form: ChangeForm, outcome: Any
) -> HttpResponse:
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "back", "confirm"}
    ]
    context = {"area": area, "kind": kind, "kept": kept, "note": form.cleaned_data["note"]}
    context |= shown(outcome.rows, outcome.moved)
    return render(request, "areas/change_preview.html", context)


def shown(rows: list[Succession], moved: dict[str, int]) -> dict[str, Any]:
    """Return what preview and result show of an act."""
    areas = [row for row in rows if row.old.level != Level.BUILDING]
    return {
        "rows": areas,
        "buildings": len({row.old_id for row in rows if row.old.level == Level.BUILDING}),
        "ended": len({row.old_id for row in areas if row.old_id != row.new_id}),
        "made": len({row.new_id for row in areas if row.old_id != row.new_id}),
        "moved": [(label, n) for label, n in moved_in_words(moved) if n],
    }


@require_safe
def changed(request: HttpRequest, act: UUID) -> HttpResponse:
    """Show one change: which area became which, and what moved along."""
    actor: Actor = staff(request)
    rows = changes.get_act(actor, act)
    first = rows[0]
    context = {
        "first": first,
        "who": actor_name("staff" if first.by_id else "system", first.by_id),
        **shown(rows, changes.moved_by(rows)),
    }
    return render(request, "areas/changed.html", context)
