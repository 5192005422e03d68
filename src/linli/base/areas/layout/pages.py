"""Layouts on the desk: ask for one, see before and after side by side, adopt or reject it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow.names import actor_name
from linli.kernel.scope import Actor

from ..actions import adopt_plan, ask_for_layout, reject_plan
from ..models import LayoutPlan, PlanState
from . import queries
from .forms import AskForm, RejectForm

LATEST = 30


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("areas.edit"):
        raise PermissionDenied
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """Show the proposals of the actor's areas and ask for a new one."""
    actor = _actor(request)
    known = queries.communities(actor)
    asked = request.method == "POST"
    first = {"community": request.GET.get("community", "")[:12]}
    form = (
        AskForm(request.POST, request.FILES, communities=known)
        if asked
        else AskForm(initial=first, communities=known)
    )
    if asked and form.is_valid():
        try:
            plan = ask_for_layout(
                actor=actor,
                now=timezone.now(),
                community=form.cleaned_data["community"],
                wish=form.wish(),
                uploaded=form.uploaded,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("areas:layout", plan_id=plan.pk)
    rows = queries.visible_plans(actor).defer("area__boundary", "uploaded", "before", "after")
    context = {"form": form, "plans": rows.order_by("-pk")[:LATEST]}
    return render(request, "areas/layouts.html", context, status=422 if asked else 200)


@require_safe
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show one proposal: both maps, its numbers, and what can be decided."""
    return _render(request, queries.get_plan(_actor(request), plan_id), RejectForm())


def _render(
    request: HttpRequest, plan: LayoutPlan, form: RejectForm, fault: str = "", status: int = 200
) -> HttpResponse:
    figures = plan.figures
    total = sum(row["households"] for row in plan.after)
    moved = figures.get("moved_households", 0)
    borders = figures.get("kept", 0) + figures.get("new", 0)
    context = {
        "plan": plan,
        "before": queries.spread(plan.before, plan.low, plan.high),
        "after": queries.spread(plan.after, plan.low, plan.high),
        "total": total,
        "moved_share": f"{moved / total:.1%}" if total else "—",
        "kept_share": f"{figures.get('kept', 0) / borders:.1%}" if borders else "—",
        "rows": [{**row, "whence": _("、").join(row["sources"])} for row in plan.after],
        "waiting": plan.state == PlanState.WAITING,
        "same": all(row["same"] for row in plan.after),
        "asked_by": _name(plan.asked_by_id),
        "decided_by": _name(plan.decided_by_id) if plan.decided_at else "",
        "form": form,
        "fault": fault,
    }
    return render(request, "areas/layout.html", context, status=status)


def _name(account_id: int | None) -> str:
    return actor_name("staff" if account_id else "system", account_id)


@require_safe
def progress(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show how far a computation is, as a fragment; when it is over the page is loaded anew."""
    plan = queries.get_plan(_actor(request), plan_id)
    response = render(request, "areas/parts/layout_progress.html", {"plan": plan})
    if plan.state != PlanState.COMPUTING:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def layer(request: HttpRequest, plan_id: int, side: str) -> HttpResponse:
    """Return the grids before or after as GeoJSON, each with its households."""
    plan = queries.get_plan(_actor(request), plan_id)
    if side not in {"before", "after"}:
        raise Http404
    rows = plan.before if side == "before" else plan.after
    return JsonResponse(queries.layer(rows), content_type="application/geo+json")


@require_POST
def reject(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Reject a proposal with a reason."""
    actor = _actor(request)
    found, form = queries.get_plan(actor, plan_id), RejectForm(request.POST)
    if not form.is_valid():
        return _render(request, found, form, status=422)
    try:
        reject_plan(actor=actor, now=timezone.now(), plan=found, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        fresh = queries.get_plan(actor, plan_id)
        return _render(request, fresh, form, " ".join(error.messages), 409)
    messages.success(request, _("已记下：不采用这个方案。"))
    return redirect("areas:layout", plan_id=plan_id)


@require_POST
def adopt(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Put a proposal in force; where that is refused the page says why."""
    actor = _actor(request)
    found = queries.get_plan(actor, plan_id)
    try:
        act = adopt_plan(
            actor=actor, now=timezone.now(), plan=found, note=request.POST.get("note", "")[:200]
        )
    except ValidationError as error:
        fresh = queries.get_plan(actor, plan_id)
        return _render(request, fresh, RejectForm(), " ".join(error.messages), 409)
    words = {"made": len(act.made), "moved": sum(act.moved.values())}
    messages.success(
        request, _("新布局已生效：新设%(made)d个网格，移交%(moved)d项在办工作和在岗关系。") % words
    )
    return redirect("areas:layout", plan_id=plan_id)
