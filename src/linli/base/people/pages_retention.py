"""How long what is known of people is kept: the rules, what goes next, what went."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.flow import StepRefused

from ..accounts.access import staff_only
from ..areas.queries import district
from . import actions
from .forms import NEEDED
from .pages_people import need, put_errors
from .retained import Kind, days_of, kind_of, kinds
from .retention.models import RetentionRule, RetentionRun
from .retention.running import all_days, count_all, count_due

RUNS = 31  # nights shown


class RuleForm(forms.Form):
    """For how long, and why it is changed."""

    days = forms.IntegerField(
        label=gettext_lazy("保存天数"), min_value=1, max_value=36500, error_messages=NEEDED
    )
    reason = forms.CharField(
        label=gettext_lazy("为什么这样定"), max_length=200, min_length=4, error_messages=NEEDED,
        help_text=gettext_lazy("写明依据的文件或决定，审计时会看到。"),
    )  # fmt: skip


@staff_only
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Show each kind of data with its time, what a run would let go now, and the last runs."""
    actor, now = need(request, "people.retention"), timezone.now()
    days = all_days()
    due = count_all(days, now)
    changed = {row.key: row for row in RetentionRule.objects.all()}
    rows: list[dict[str, Any]] = [
        {
            "kind": kind, "days": days[kind.key], "due": due[kind.key],
            "rule": changed.get(kind.key),
        }
        for kind in kinds()
    ]  # fmt: skip
    found = RetentionRun.objects.order_by("-began_at")[:RUNS]
    context = {
        "rows": rows, "runs": [_told(run) for run in found],
        "may_change": actor.can("people.retain", _everywhere()),
        "due": sum(row["due"] for row in rows),
    }  # fmt: skip
    return render(request, "people/retention.html", context)


def _everywhere() -> str:
    """Return the code of the district, for the whole of which times are set."""
    whole = district()
    return whole.code if whole else ""


def _told(run: RetentionRun) -> dict[str, Any]:
    counts = [(kind.label, run.counts[kind.key]) for kind in kinds() if run.counts.get(kind.key)]
    return {"run": run, "counts": counts}


@staff_only
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """Change for how long a kind of data is kept; nothing goes before the next night."""
    actor, now = need(request, "people.retain"), timezone.now()
    if not actor.can("people.retain", _everywhere()):
        raise PermissionDenied
    kind = kind_of(key)
    if kind is None:
        raise Http404
    form = RuleForm(request.POST or None, initial={"days": days_of(kind)})
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["days"]
        if request.POST.get("act") != "save" and kind.least <= days <= kind.most:
            return _page(request, form, kind, now, trial=(days, count_due(kind, days, now)))
        try:
            actions.set_retention(key, actor=actor, now=now, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已保存，今晚起按新的期限执行。"))
            return redirect("people:retention")
    return _page(request, form, kind, now)


def _page(
    request: HttpRequest, form: RuleForm, kind: Kind, now: Any, trial: tuple[int, int] | None = None
) -> HttpResponse:
    days = days_of(kind)
    context = {
        "form": form, "kind": kind, "days": days, "due": count_due(kind, days, now), "trial": trial
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/retention_rule.html", context, status=status)
