"""What accounts know for duties: names and phones of staff, and who holds a grid by role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from linli.kernel.scope import within

from ..areas.models import CODE_LENGTH, Duty, DutyPost, Level
from ..areas.staffing import Person
from .models import Account, AccountKind, GrantRow

ROLE = "grid_worker"
MOST = 60


def _person(account: Account, code: str) -> Person:
    return Person(account.pk, str(account), account.title, account.phone, code)


class Posted:
    """Staff as duties need them."""

    def columns(self) -> dict[str, Any]:
        """Return name, phone and activity of the account of a row."""
        one = Account.objects.filter(pk=OuterRef("account_id"))
        return {
            "who_name": Subquery(one.values(who=Coalesce(NullIf("name", Value("")), "username"))),
            "who_phone": Subquery(one.values("phone")),
            "who_active": Subquery(one.values("is_active")),
        }

    def _grants(self, day: date) -> QuerySet[GrantRow]:
        entered = Duty.objects.filter(
            area=OuterRef("area"), account_id=OuterRef("account_id"), post=DutyPost.GRID_STAFF
        )
        return GrantRow.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=day),
            ~Exists(entered),
            role=ROLE,
            valid_from__lte=day,
            account__is_active=True,
        )

    def holding(self, day: date) -> Any:
        """Return the condition "someone holds the grid worker's role at this area"."""
        return Exists(self._grants(day).filter(area=OuterRef("pk")))

    def known_at(self, codes: list[str], day: date) -> list[Person]:
        """Return who holds the grid worker's role at these areas, the longest there first."""
        rows = self._grants(day).filter(area_code__in=codes).select_related("account")
        return [_person(row.account, row.area_code) for row in rows.order_by("valid_from", "pk")]

    def offered(self, code: str) -> list[Person]:
        """Return who works at an area; of a grid, building group or community: in the community."""
        place = code[: CODE_LENGTH[Level.COMMUNITY]]
        rows = Account.objects.filter(kind=AccountKind.STAFF, is_active=True, area__isnull=False)
        if len(place) == CODE_LENGTH[Level.COMMUNITY]:
            rows = rows.filter(within([place], field="area__code"))
        else:
            rows = rows.filter(area__code=place)
        return list(self._named(rows.select_related("area").order_by("area__code", "pk")[:MOST]))

    def _named(self, rows: Iterable[Account]) -> Iterable[Person]:
        return (_person(row, row.area.code if row.area else "") for row in rows)

    def person(self, account_id: int) -> Person | None:
        """Return an active member of staff, or None."""
        rows = Account.objects.filter(pk=account_id, kind=AccountKind.STAFF, is_active=True)
        return next(iter(self._named(rows.select_related("area"))), None)
