"""Permissions of the interfaces, and the roles that carry them."""

from __future__ import annotations

POLICIES: dict[str, tuple[str, ...]] = {"api.manage": ("system_admin",)}
