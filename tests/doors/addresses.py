"""Every address of the site, and what an answer to a visitor says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import get_resolver

LOGINS = ("/login/", "/staff/login/", "/track/")


def patterns() -> dict[str, bool]:
    """Return every address of the site by its full name, and whether it takes arguments."""
    found: dict[str, bool] = {}

    def walk(resolver: Any, spaces: tuple[str, ...], takes: bool) -> None:
        for entry in resolver.url_patterns:
            more = takes or bool(entry.pattern.converters) or "(" in str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                inner = (*spaces, entry.namespace) if entry.namespace else spaces
                walk(entry, inner, more)
            else:
                assert entry.name, f"{entry.pattern} has no name"
                found[":".join((*spaces, entry.name))] = more

    walk(get_resolver(), (), False)
    return found


def missing(args: dict[str, Any], huge: bool) -> dict[str, Any]:
    """Return arguments of the same shape that name nothing."""
    no_id = 10**30 if huge else 999_999_999

    def other(name: str, value: Any) -> Any:
        if isinstance(value, UUID):
            return UUID(int=0)
        if isinstance(value, int):
            return no_id
        if name == "number":
            return value[:6] + ("9" * 18 if huge else "9999999")
        return "370705999999" if name == "code" else value

    return {name: other(name, value) for name, value in args.items()}


def to_login(answer: Any) -> bool:
    return answer.status_code == 302 and answer.url.startswith(LOGINS)


def shown(answer: Any) -> str:
    return b"".join(answer).decode(errors="replace")
