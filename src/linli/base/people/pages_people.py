"""Residents on the desk: the list, one page with everything, and what is done there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import StepRefused
from linli.kernel.listing.private import opened
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor, within
from linli.kernel.secrets.masks import mask_id_number, mask_phone

from ..accounts.access import staff_only
from . import actions, forms, queries
from .actions.residents import of_age
from .lists import RESIDENTS, changes_in_words, field_words, grid_name, home_of
from .models import PRESENT, CareTag, Resident
from .sections import sections_for

SOURCE = gettext_noop("社区登记")


def need(request: HttpRequest, permission: str) -> Actor:
    """Return who asks; raises PermissionDenied without the permission anywhere."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(permission):
        raise PermissionDenied
    return actor


def put_errors(form: Form, error: ValidationError) -> None:
    """Put an action's refusal at the fields it concerns."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, found)


@staff_only
@require_safe
def residents(request: HttpRequest) -> HttpResponse:
    """List residents by area, tag, age or what is typed: name, pinyin, phone, number, address."""
    actor = need(request, "people.view")
    rows = queries.with_tags(queries.visible_residents(actor))
    form = forms.ResidentFilterForm(opened(request.GET, RESIDENTS.private), auto_id="filter_%s")

    def narrow(found: QuerySet[Resident], clean: Mapping[str, Any]) -> QuerySet[Resident]:
        return _narrow(found, clean, actor)

    return respond(
        request, "people/residents.html", RESIDENTS, rows,
        filters=FormFilters(form, rows, narrow), export="people.export",
        context={"may_edit": actor.can("people.edit")},
    )  # fmt: skip


def _narrow(rows: QuerySet[Resident], clean: Mapping[str, Any], actor: Actor) -> QuerySet[Resident]:
    today = timezone.localdate()
    if clean["q"].strip():
        rows = rows.filter(pk__in=queries.search(actor, clean["q"]).values("pk"))
    if clean["area"]:
        rows = rows.filter(within([clean["area"].code]))
    if clean["tag"]:
        tags = CareTag.objects.filter(resident=OuterRef("pk"), kind=clean["tag"], ended_on=None)
        rows = rows.filter(Exists(tags))
    if clean["kind"]:
        rows = rows.filter(kind=clean["kind"])
    rows = rows.filter(state=clean["state"]) if clean["state"] else rows.filter(state__in=PRESENT)
    if clean["oldest"] is not None:
        rows = rows.filter(born_on__lte=_years_ago(today, clean["oldest"]))
    if clean["youngest"] is not None:
        rows = rows.filter(born_on__gt=_years_ago(today, clean["youngest"] + 1))
    return rows


def _years_ago(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - years, day=28)


@staff_only
@require_http_methods(["GET", "POST"])
def new_resident(request: HttpRequest) -> HttpResponse:
    """Register someone."""
    actor = need(request, "people.edit")
    initial = {"area": request.GET.get("area", ""), "kind": "local"}
    form = forms.NewResidentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            row = actions.add_resident(
                actor=actor, now=timezone.now(), area=clean["area"], source=clean["source"],
                values=clean,
            )  # fmt: skip
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error("area", str(error))
        else:
            messages.success(request, _("已登记。"))
            return redirect("people:resident", pk=row.pk)
    return _form(request, form, _("登记居民"), _("登记"), "/desk/people/")


def _form(
    request: HttpRequest, form: Form, title: str, submit: str, back: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "back": back, **more}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/form.html", context, status=status)


@staff_only
@require_safe
def resident(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything the viewer may see of someone; opening it is on record."""
    actor, now = need(request, "people.view"), timezone.now()
    row = queries.get_resident(actor, pk)
    actions.open_record(row, actor=actor, now=now)
    return _page(request, row, actor)


def _page(
    request: HttpRequest, row: Resident, actor: Actor, status: int = 200, **more: Any
) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "row": row,
        "age": of_age(row, today),
        "phone": mask_phone(row.phone),
        "id_number": mask_id_number(row.id_number),
        "home": home_of(row),
        "grid": grid_name(row.area),
        "tags": queries.tags_of(row),
        "mates": queries.housemates(row),
        "may_edit": actor.can("people.edit", row.area_code),
        "may_reveal": actor.can("people.reveal", row.area_code),
        "may_rights": actor.can("people.rights", row.area_code),
        "consents": queries.consents_of(row) if actor.can("people.rights", row.area_code) else [],
        "here": row.state in PRESENT,
        "today": today,
        **more,
    }
    return render(request, "people/resident.html", context, status=status)


@staff_only
@require_safe
def sections(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what other modules know of someone: their cases, services, visits."""
    actor = need(request, "people.view")
    row = queries.get_resident(actor, pk)
    context = {"sections": sections_for(actor, row, timezone.now())}
    return render(request, "people/sections.html", context)


@staff_only
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where someone lived, what they own or owned, and what was corrected."""
    actor = need(request, "people.view")
    row = queries.get_resident(actor, pk)
    context = {
        "row": row,
        "stays": queries.stays_of(row),
        "tenures": queries.tenures_of(resident=row),
        "tags": queries.tags_of(row),
        "changes": changes_in_words("resident", row.pk),
    }
    return render(request, "people/history.html", context)


@staff_only
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one masked number once, for a reason that is kept."""
    actor = need(request, "people.reveal")
    field = request.POST.get("field", "")
    row = queries.get_resident(actor, pk)
    if field not in {"phone", "id_number"}:
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    try:
        value = actions.reveal(pk, field, actor=actor, now=timezone.now(), reason=reason)
    except StepRefused as error:
        more = {"reveal_fault": str(error), "reveal_field": field, "typed": reason}
        return _page(request, row, actor, 422, **more)
    answer = _page(request, row, actor, revealed=value, reveal_field=field)
    answer["Cache-Control"] = "no-store"
    return answer


@staff_only
@require_http_methods(["GET", "POST"])
def edit_resident(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct someone's record; a number stays as it is where the field is left blank."""
    actor = need(request, "people.edit")
    row = queries.get_resident(actor, pk)
    initial = {
        "name": row.name, "born_on": row.born_on, "gender": row.gender, "kind": row.kind,
        "version": row.version,
    }  # fmt: skip
    form = forms.ResidentForm(request.POST or None, initial=initial)
    for name, shown in (
        ("phone", mask_phone(row.phone)),
        ("id_number", mask_id_number(row.id_number)),
    ):
        if shown:
            form.fields[name].help_text = _("现为%(shown)s；不改就不填。") % {"shown": shown}
    if request.method == "POST" and form.is_valid():
        values = {
            key: value
            for key, value in form.cleaned_data.items()
            if key != "version" and not (key in {"phone", "id_number"} and not value)
        }
        if row.id_number and not values.get("id_number"):
            # Both follow from the number that stays.
            values.pop("born_on"), values.pop("gender")
        try:
            changed = actions.edit_resident(
                pk, actor=actor, now=timezone.now(), values=values, source=SOURCE,
                expected=form.cleaned_data["version"],
            )  # fmt: skip
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            done = _("已更正：%(fields)s。") % {"fields": field_words(changed)}
            messages.success(request, done if changed else _("内容没有变化。"))
            return redirect("people:resident", pk=pk)
    return _form(request, form, _("更正登记"), _("保存"), f"/desk/people/{pk}/")


@staff_only
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that someone moved away or died."""
    actor = need(request, "people.edit")
    queries.get_resident(actor, pk)
    form = forms.LeaveForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        common: Any = {
            "actor": actor, "now": timezone.now(), "on": clean["on"], "source": clean["source"]
        }  # fmt: skip
        try:
            if clean["how"] == "dead":
                actions.record_death(pk, **common)
            else:
                actions.move_out(pk, away=clean["how"] == "away", **common)
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已登记。以前的住址和经历都保留着。"))
            return redirect("people:resident", pk=pk)
    return _form(request, form, _("迁出或去世"), _("登记"), f"/desk/people/{pk}/")


@staff_only
@require_http_methods(["GET", "POST"])
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Tag someone, with the source and how long it holds."""
    actor = need(request, "people.edit")
    queries.get_resident(actor, pk)
    form = forms.TagForm(request.POST or None, initial={"expires_on": _next_year()})
    if request.method == "POST" and form.is_valid():
        try:
            clean = dict(form.cleaned_data)
            by_consent = clean.pop("rests_on") == "consent"
            actions.set_tag(pk, actor=actor, now=timezone.now(), by_consent=by_consent, **clean)
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("标签已登记。"))
            return redirect("people:resident", pk=pk)
    return _form(request, form, _("加标签"), _("登记"), f"/desk/people/{pk}/")


def _next_year() -> date:
    return timezone.localdate() + timedelta(days=365)


@staff_only
@require_POST
def untag(request: HttpRequest, pk: int, tag_id: int) -> HttpResponse:
    """End a tag today."""
    actor = need(request, "people.edit")
    row = queries.get_resident(actor, pk)
    found = get_object_or_404(CareTag, pk=tag_id, resident=row)
    try:
        actions.end_tag(found.pk, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("标签已取消。"))
    return redirect("people:resident", pk=pk)


@staff_only
@require_http_methods(["GET", "POST"])
def move_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the dwelling by its address, then say with whom someone lives there."""
    actor = need(request, "people.edit")
    row = queries.get_resident(actor, pk)
    asked = request.GET.get("q", "")
    chosen = request.POST.get("dwelling") or request.GET.get("dwelling") or ""
    if not chosen.isdecimal():
        homes = list(queries.find_homes(actor, asked)[: queries.MOST_FOUND]) if asked else []
        context = {"row": row, "q": asked, "homes": homes}
        return render(request, "people/find_home.html", context)
    home = queries.get_dwelling(actor, int(chosen))
    households = [one for one in queries.households_of(home) if one.closed_on is None]
    initial = {"dwelling": home.pk, "on": timezone.localdate(), "kind": "family"}
    form = forms.MoveInForm(request.POST or None, initial=initial, households=households)
    if request.method == "POST" and form.is_valid() and _moved(form, row, actor):
        messages.success(request, _("已登记入住。"))
        return redirect("people:resident", pk=pk)
    title = _("%(name)s入住%(home)s") % {"name": row.name, "home": home.address}
    return _form(request, form, title, _("登记入住"), f"/desk/people/{pk}/")


def _moved(form: forms.MoveInForm, row: Resident, actor: Actor) -> bool:
    clean = form.cleaned_data
    try:
        actions.move_in(
            row.pk, clean["dwelling"], actor=actor, now=timezone.now(), on=clean["on"],
            relation=clean["relation"], source=SOURCE,
            household_id=int(clean["household"]) if clean["household"] else None,
            kind=clean["kind"] or "family",
        )  # fmt: skip
    except ValidationError as error:
        put_errors(form, error)
    except StepRefused as error:
        form.add_error(None, str(error))
    else:
        return True
    return False
