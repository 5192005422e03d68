"""The list of cases with filters."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.ledger import actions as ledger
from linli.kernel.listing.export import MOST_ROWS, workbook
from linli.kernel.listing.paging import ordered, page
from linli.kernel.listing.queries import views_of
from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.scope import Actor

from .filters import CaseFilter
from .queries import listed_cases, with_names
from .together.acts import acts_of

SPEC = Spec(
    key="cases",
    columns=(
        Column("number", _("编号"), lambda case: case.number),
        Column("title", _("事项"), lambda case: case.title),
        Column("category", _("类别"), lambda case: case.category.name),
        Column("place", _("地点"), lambda case: case.area.full_name),
        Column("unit", _("承办单位"), lambda case: case.unit.name if case.unit else ""),
        Column("state", _("状态"), lambda case: case.get_state_display()),
        Column("created", _("登记时间"), lambda case: case.created_at),
        Column("due", _("办结时限"), lambda case: case.due_at),
        Column("closed", _("办结时间"), lambda case: case.closed_at),
        Column("rating", _("评分"), lambda case: case.rating),
    ),
    orders=(
        Order("new", _("最新登记"), "id", descending=True),
        Order("deadline", _("最近到期"), "deadline_at", nullable=True),
        Order("old", _("最早登记"), "id"),
    ),
)
# What stands open above the list; the other filters are one click away.
SHOWN = ("q", "open", "top", "area", "overdue")


@staff_only
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases in the person's scope, filtered, in pages; or hand them over as a workbook."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    held = request.GET.get("held") == "1"
    found = CaseFilter(request.GET, queryset=listed_cases(actor, held), now=now)
    rows = with_names(found.qs if found.is_valid() else found.queryset.none())
    if request.GET.get("export") == "xlsx":
        return _export(request, actor, rows)
    context = {
        "page": page(request.GET, SPEC, rows),
        "orders": SPEC.orders,
        "filter": found,
        "shown": [found.form[name] for name in SHOWN],
        "others": [field for field in found.form if field.name not in SHOWN],
        "more_open": any(request.GET.get(name) for name in found.filters if name not in SHOWN),
        "chips": _chips(request, found),
        "may_export": actor.can("cases.export"),
        "views": views_of(actor, SPEC.key),
        "acts": acts_of(actor),
        "now": now,
    }
    return render(request, "cases/list.html", context, status=200 if found.is_valid() else 422)


def _export(request: HttpRequest, actor: Actor, rows: Any) -> HttpResponse:
    if not actor.can("cases.export"):
        raise PermissionDenied
    order = SPEC.order(request.GET.get("sort", ""))
    now = timezone.now()
    # One row more than may leave, so that the workbook can say that there are more.
    taken = list(ordered(rows, order)[: MOST_ROWS + 1])
    leaving = min(len(taken), MOST_ROWS)
    ledger.append_free(
        subject_type="cases.export", verb="export", actor=actor, at=now, data={"rows": leaving}
    )
    return workbook(SPEC, taken, actor, f"cases-{timezone.localtime(now):%Y%m%d-%H%M}")


def _chips(request: HttpRequest, found: CaseFilter) -> list[dict[str, str]]:
    """Return each active filter in words, with the address of the list without it."""
    chips = []
    for name in found.filters:
        if not request.GET.get(name):
            continue
        rest = request.GET.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        field = found.form.fields[name]
        known = {str(key): str(label) for key, label in getattr(field, "choices", [])}
        values = str(_("、")).join(known.get(value, value) for value in request.GET.getlist(name))
        chips.append({"text": f"{field.label}{_('：')}{values}", "href": f"?{rest.urlencode()}"})
    return chips
