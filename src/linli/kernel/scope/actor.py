"""Who acts: a person with grants over areas, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .registry import roles_with

Kind = Literal["staff", "resident", "anonymous", "system"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held over an area, perhaps limited to business lines (empty: all of them).

    `past` are codes of areas that ended in favour of this one: nothing new happens there, but
    what was finished there is still seen by who holds the grant.
    """

    role: str
    area_code: str
    lines: frozenset[str] = frozenset()
    past: tuple[str, ...] = ()

    def covers(self, area_code: str) -> bool:
        """Tell whether an area lies in the grant's, or in one that this followed."""
        return area_code.startswith((self.area_code, *self.past))


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks or acts, as every query and action sees it.

    `unit_ids` are the units (departments, centres, grids) whose work the person does.
    """

    kind: Kind
    account_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    unit_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """Tell whether this is a member of staff."""
        return self.kind == "staff"

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def can(self, permission: str, area_code: str | None = None, line: str | None = None) -> bool:
        """Tell whether a grant carries `permission`, over `area_code` and `line` where given."""
        if self.kind == "system":
            return True
        roles = roles_with(permission)
        return any(
            grant.role in roles
            and (area_code is None or grant.covers(area_code))
            and (line is None or not grant.lines or line in grant.lines)
            for grant in self.grants
        )

    def areas(self, permission: str) -> tuple[str, ...]:
        """Return the widest area codes over which `permission` is held, without repeats.

        Codes of areas that ended stand last.
        """
        roles = roles_with(permission)
        held = [grant for grant in self.grants if grant.role in roles]
        codes = sorted({grant.area_code for grant in held})
        past = sorted({code for grant in held for code in grant.past})
        widest: list[str] = []
        for code in (*codes, *past):
            if not any(code.startswith(seen) for seen in widest):
                widest.append(code)
        return tuple(widest)


SYSTEM = Actor(kind="system", name="系统")
ANONYMOUS = Actor(kind="anonymous", name="未登录居民")
