"""Consents: on residents' own page, and from paper at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor

from ..accounts.access import residents_only, staff_only
from . import actions, queries
from .consents.forms import PaperForm
from .pages_people import need, put_errors
from .purposes import all_purposes, purpose_of


@residents_only
@require_POST
def own_consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Allow a purpose, or take one's consent back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = queries.own_record(actor)
    if row is None or purpose not in {known.key for known in all_purposes()}:
        raise Http404
    now = timezone.now()
    try:
        if request.POST.get("act") == "give":
            actions.give_consent(row.pk, purpose, actor=actor, now=now)
            messages.success(request, _("已记下您的同意，随时可以撤回。"))
        else:
            actions.withdraw_consent(row.pk, purpose, actor=actor, now=now)
            done = _("已撤回。%(effect)s") % {"effect": purpose_of(purpose).effect}
            messages.success(request, done)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StepRefused as error:
        messages.error(request, str(error))
    return redirect("people:own")


@staff_only
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a resident allowed, and copy a consent or its withdrawal from paper."""
    actor = need(request, "people.rights")
    row = queries.get_resident(actor, pk)
    initial = {"on": timezone.localdate(), "act": "give"}
    form = PaperForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _copied(request, form, pk, actor):
        return redirect("people:consents", pk=pk)
    context = {
        "row": row,
        "form": form,
        "consents": queries.consents_of(row),
        "may": actor.can("people.rights", row.area_code),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/consents.html", context, status=status)


def _copied(request: HttpRequest, form: PaperForm, pk: int, actor: Actor) -> bool:
    clean, now = form.cleaned_data, timezone.now()
    try:
        if clean["act"] == "give":
            actions.give_consent(
                pk, clean["purpose"], actor=actor, now=now, on=clean["on"],
                guardian=clean["guardian"], paper=clean["paper"],
            )  # fmt: skip
            messages.success(request, _("同意已登记。"))
        else:
            ended = actions.withdraw_consent(
                pk, clean["purpose"], actor=actor, now=now, on=clean["on"], paper=clean["paper"]
            )
            done = _("撤回已登记，%(n)d个标签随之结束。") % {"n": ended}
            messages.success(request, done if ended else _("撤回已登记。"))
    except ValidationError as error:
        put_errors(form, error)
    except StepRefused as error:
        form.add_error(None, str(error))
    return not form.errors
