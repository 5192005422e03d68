"""Scope: who may see and do what, and over which areas."""

from .actor import ANONYMOUS, SYSTEM, Actor, Grant
from .registry import all_permissions, register_permissions, roles_with
from .within import within

__all__ = [
    "ANONYMOUS",
    "SYSTEM",
    "Actor",
    "Grant",
    "all_permissions",
    "register_permissions",
    "roles_with",
    "within",
]
