"""On the desk: likely duplicates and suggestions, while typing and beside a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.base.areas.queries import find
from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor
from linli.kernel.secrets.phones import normalise_phone

from ..actions.matters import join_matter, look_history
from ..answers import offers
from ..flow import allows
from ..models import Case, Claim
from ..queries import get_by_number, visible_cases, with_names
from ..setup import current
from ..suggest.naming import suggest
from .queries import merged_cases, similar_for_staff, similar_to

WAITING = ("registered", "accepted")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """Show who else reported the matter, likely duplicates, and what is suggested for the case."""
    actor, now = _actor(request), timezone.now()
    case = get_by_number(actor, number)
    context: dict[str, Any] = {"case": case, "now": now, "may_merge": _may_merge(actor, case)}
    context["merged"] = _visible(actor, merged_cases(case.pk))
    context["joined"] = case.joiners.count()
    if case.is_open:
        context["similar"] = similar_for_staff(actor, **similar_to(case, now=now))
        claim = Claim.objects.filter(case=case).select_related("into").first()
        seen = claim and visible_cases(actor).filter(pk=claim.into_id).exists()
        context["claim"] = claim if seen else None
    if case.state in WAITING and allows(actor, "cases.dispatch", case):
        context["may_judge"] = True
        context["suggested"] = suggest(f"{case.title} {case.text}", case.area_code)
    name = "panel" if getattr(request, "htmx", False) else "page"
    return render(request, f"cases/same/{name}.html", context)


def _may_merge(actor: Actor, case: Case) -> bool:
    return actor.can("cases.merge", case.area_code)


def _visible(actor: Actor, rows: list[Case]) -> list[Case]:
    ids = [row.pk for row in rows]
    return list(with_names(visible_cases(actor).filter(pk__in=ids)).order_by("id"))


@staff_only
@require_POST
def hints(request: HttpRequest) -> HttpResponse:
    """Say while a report is typed what it may be, and what stands already; nothing is stored."""
    actor, now, typed = _actor(request), timezone.now(), request.POST
    if not actor.can("cases.register"):
        raise PermissionDenied
    text = f"{typed.get('title', '')} {typed.get('text', '')}".strip()[:4000]
    area_code = _area_code(typed.get("area_code", ""))
    chosen = typed.get("category", "")
    known = current().categories
    category = known.get(int(chosen)) if chosen.isascii() and chosen.isdigit() else None
    named = suggest(text, area_code)
    kind = category or named.category
    similar = similar_for_staff(actor, now=now, text=text, area_code=area_code, category=kind)
    context = {"suggested": named, "similar": similar, "now": now, "chosen": category}
    if actor.can("cases.answer", area_code or None):
        context["offers"] = offers(text, now=now, area_code=area_code, category=kind)
    return render(request, "cases/same/hints.html", context)


def _area_code(typed: str) -> str:
    """Return the code of the one area that is meant; blank while it is not clear."""
    found = find(typed[:40], limit=2)
    return found[0].code if len(found) == 1 else ""


@staff_only
@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Let a caller join a matter that stands, with the phone typed on the form."""
    actor = _actor(request)
    case = get_by_number(actor, number)
    if not actor.can("cases.register", case.area_code):
        raise PermissionDenied
    try:
        phone = normalise_phone(request.POST.get("reporter_phone", ""))
        done = join_matter(case.pk, actor=actor, now=timezone.now(), key=number, phone=phone)
    except ValidationError:
        messages.error(request, _("加入同一事项需要来电人的手机号，请填写后再试。"))
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        text = (
            _("此人已在这件事的关注人中。")
            if done.repeated
            else _("已加入，办理的每一步都会通知。")
        )
        messages.success(request, text)
    return redirect("cases:detail", number=number)


@staff_only
@require_POST
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Show what the same person asked for besides; the look is recorded."""
    actor, now = _actor(request), timezone.now()
    case = get_by_number(actor, number)
    try:
        rows = look_history(case.pk, actor=actor, now=now)
    except StepRefused as error:
        raise PermissionDenied(str(error)) from None
    context = {"case": case, "rows": rows, "now": now}
    return render(request, "cases/same/history.html", context)
