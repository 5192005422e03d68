"""Permissions of messages, and the roles that carry them."""

from __future__ import annotations

POLICIES: dict[str, tuple[str, ...]] = {"messages.log": ("system_admin",)}
