"""Duties on the desk: the list, the vacancies, the record of an area, and the three acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor

from ..models import Area, DutyPost
from ..pages import staff
from ..queries import get_area, path_codes
from ..staffing import staff as people
from .actions import assign, end_duty, hand_over
from .forms import AssignForm, EndForm, HandOverForm
from .lists import (
    DUTIES,
    VACANT,
    DutyFilterForm,
    VacantFilterForm,
    narrow_duties,
    narrow_vacant,
)
from .queries import (
    board,
    duty_to_change,
    gaps,
    grids_with_posts,
    known_person,
    name_of,
    phone_of,
    record_of,
    share,
    visible_duties,
)
from .rules import POSTS, deciding_code


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List who answers for which area, with filters and export."""
    actor, day = staff(request), timezone.localdate()
    rows = visible_duties(actor)
    found = FormFilters(
        DutyFilterForm(request.GET, auto_id="filter_%s"),
        rows,
        lambda kept, clean: narrow_duties(kept, clean, day),
    )
    return respond(request, "areas/duties.html", DUTIES, rows, filters=found, export="areas.phones")


@require_safe
def vacant(request: HttpRequest) -> HttpResponse:
    """List the grids without a head or a worker, and count them by community."""
    actor, day = staff(request), timezone.localdate()
    form = VacantFilterForm(request.GET, auto_id="filter_%s")
    wanted = form.cleaned_data["area"] if form.is_valid() else None
    every = grids_with_posts(actor, day, wanted.code if wanted else "")
    rows = every.select_related("parent").defer("boundary", "parent__boundary")
    found = gaps(every)
    total = sum(gap.grids for gap in found)
    counts = {
        "total": total,
        "no_lead": sum(gap.no_lead for gap in found),
        "no_staff": sum(gap.no_staff for gap in found),
    }
    shares = {"lead": share(counts["no_lead"], total), "staff": share(counts["no_staff"], total)}
    lacking = [gap for gap in found if gap.no_lead or gap.no_staff]
    lacking.sort(key=lambda gap: (-(gap.no_lead + gap.no_staff) / gap.grids, gap.code))
    return respond(
        request, "areas/vacant.html", VACANT, rows,
        filters=FormFilters(form, rows, narrow_vacant), export="areas.view",
        context={"counts": counts, "shares": shares, "lacking": lacking},
    )  # fmt: skip


@require_safe
def duties_of(request: HttpRequest, code: str) -> HttpResponse:
    """Show who answers for one area now, and who did before."""
    actor, day = staff(request), timezone.localdate()
    area = get_area(actor, code)
    phones = actor.can("areas.phones")
    rows = [
        {
            "duty": row,
            "name": name_of(row),
            "phone": phone_of(row) if phones else "",
            "over": row.valid_to is not None and row.valid_to <= day,
            "coming": row.valid_from > day,
            "may": actor.can("areas.post", deciding_code(row.area_code, row.post)),
        }
        for row in record_of(actor, area)
    ]
    lines = board(path_codes(code), day)[code]
    context = {"area": area, "rows": rows, "lines": lines, "phones": phones}
    context["may_fill"] = _posts(actor, area)
    return render(request, "areas/duties_of.html", context)


def _posts(actor: Actor, area: Area) -> list[DutyPost]:
    """Return the posts of an area that this actor may fill."""
    return [
        post
        for post in POSTS.get(area.level, ())
        if actor.can("areas.post", deciding_code(area.code, post))
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Fill a post of an area; who holds the grid by role is offered."""
    actor, now = staff(request, "areas.post"), timezone.now()
    area = get_area(actor, code)
    posts = _posts(actor, area)
    if not posts:
        raise Http404
    offered = people().offered(code)
    day = timezone.localdate(now)
    start: dict[str, Any] = {"valid_from": day, "post": request.GET.get("post", posts[0])}
    known = known_person(area, day)
    if known and start["post"] == DutyPost.GRID_STAFF:
        start["account"] = known.account_id
    form = AssignForm(
        request.POST or None, people=offered, posts=posts, initial=start, auto_id="id_%s"
    )
    return _act(
        request, form, area, _("安排责任人"), _("确认安排"),
        lambda: assign(actor=actor, now=now, area=area, data=form.cleaned_data),
        _("责任人已安排。"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def over(request: HttpRequest, duty_id: int) -> HttpResponse:
    """Hand a post over to a successor."""
    actor, now = staff(request, "areas.post"), timezone.now()
    duty = duty_to_change(actor, duty_id)
    offered = [one for one in people().offered(duty.area_code) if one.account_id != duty.account_id]
    start = {"valid_from": timezone.localdate(now)}
    form = HandOverForm(request.POST or None, people=offered, initial=start)
    title = _("%(post)s交接：%(name)s") % {"post": duty.get_post_display(), "name": name_of(duty)}
    return _act(
        request, form, duty.area, title, _("确认交接"),
        lambda: hand_over(actor=actor, now=now, duty=duty, data=form.cleaned_data),
        _("交接已办理，原责任人的记录保留。"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, duty_id: int) -> HttpResponse:
    """End a duty; the post is vacant then."""
    actor, now = staff(request, "areas.post"), timezone.now()
    duty = duty_to_change(actor, duty_id)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate(now)})
    title = _("%(post)s卸任：%(name)s") % {"post": duty.get_post_display(), "name": name_of(duty)}
    return _act(
        request, form, duty.area, title, _("确认卸任"),
        lambda: end_duty(actor=actor, now=now, duty=duty, **form.cleaned_data),
        _("卸任已登记。岗位空缺的，请尽快安排接任的人。"),
    )  # fmt: skip


def _act(
    request: HttpRequest,
    form: django_forms.Form,
    area: Area,
    title: str,
    submit: str,
    act: Callable[[], Any],
    done: str,
) -> HttpResponse:
    """Show a form, or do what it says; faults stand at their field and nothing typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            form.add_error(None, error)
        except PermissionDenied as error:
            raise Http404 from error
        else:
            messages.success(request, done)
            return redirect("areas:duties_of", code=area.code)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "area": area, "heading": title, "submit": submit}
    return render(request, "areas/duty_form.html", context, status=status)
