"""Answer a request for a list: a page of it, or the whole of it as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ..ledger import actions as ledger
from ..scope import Actor
from .export import MOST_ROWS, workbook
from .paging import ordered
from .spec import Spec
from .view import show


class FormFilters:
    """Filters that are a plain form: `narrow(rows, cleaned_data)` applies them."""

    def __init__(
        self,
        form: Form,
        rows: QuerySet[Any],
        narrow: Callable[[QuerySet[Any], Mapping[str, Any]], QuerySet[Any]],
    ) -> None:
        self.form, self.queryset, self._narrow = form, rows, narrow

    def is_valid(self) -> bool:
        """Tell whether every filter holds a good value."""
        return self.form.is_valid()

    @property
    def qs(self) -> QuerySet[Any]:
        """Return the rows the filters leave."""
        return self._narrow(self.queryset, self.form.cleaned_data)


def respond(
    request: HttpRequest,
    template: str,
    spec: Spec,
    rows: QuerySet[Any],
    *,
    filters: Any = None,
    keep: Iterable[str] = (),
    export: str = "",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Render `template` with `listing` for ui/parts/list.html, or hand the list over.

    `rows` must hold only what the actor may see. `keep` names parameters that are no filters but
    belong to the address, as the chosen tab. `export` is the permission that lets the list leave
    as a workbook (blank: it never does); an export is written to the ledger. A bad filter value
    is answered with 422 and the words at its field.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    may_export = bool(export) and actor.can(export)
    if request.GET.get("export") == "xlsx":
        if not may_export:
            raise PermissionDenied
        return _hand_over(request, actor, spec, _wanted(rows, filters))
    listing = show(request, spec, rows, filters=filters, keep=keep, may_export=may_export)
    shown = {"listing": listing, "now": timezone.now(), **(context or {})}
    return render(request, template, shown, status=200 if listing.ok else 422)


def _wanted(rows: QuerySet[Any], filters: Any) -> QuerySet[Any]:
    if filters is None:
        return rows
    found: QuerySet[Any] = filters.qs if filters.is_valid() else filters.queryset.none()
    return found


def _hand_over(request: HttpRequest, actor: Actor, spec: Spec, rows: QuerySet[Any]) -> HttpResponse:
    now = timezone.now()
    # One row more than may leave, so that the workbook can say that there are more.
    taken = list(ordered(rows, spec.order(request.GET.get("sort", "")))[: MOST_ROWS + 1])
    ledger.append_free(
        subject_type=f"{spec.key}.export", verb="export", actor=actor, at=now,
        data={"rows": min(len(taken), MOST_ROWS)},
    )  # fmt: skip
    return workbook(spec, taken, actor, f"{spec.key}-{timezone.localtime(now):%Y%m%d-%H%M}")
