"""Which permission is carried by which role: data that modules plug in at start-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ROLES_BY_PERMISSION: dict[str, frozenset[str]] = {}


class DuplicatePermission(RuntimeError):
    """Two modules declared the same permission."""


def register_permissions(policies: Mapping[str, Iterable[str]]) -> None:
    """Plug in `permission -> roles`; call it from AppConfig.ready(). A duplicate key raises."""
    for permission, roles in policies.items():
        if permission in _ROLES_BY_PERMISSION:
            raise DuplicatePermission(permission)
        _ROLES_BY_PERMISSION[permission] = frozenset(roles)


def roles_with(permission: str) -> frozenset[str]:
    """Return the roles that carry a permission; an unknown permission is carried by none."""
    return _ROLES_BY_PERMISSION.get(permission, frozenset())


def all_permissions() -> dict[str, frozenset[str]]:
    """Return every declared permission with its roles."""
    return dict(_ROLES_BY_PERMISSION)
