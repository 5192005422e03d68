"""How the ledger's actor numbers become names: the accounts module plugs in its look-up."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

_lookup: list[Callable[[int], str]] = []


def register_names(lookup: Callable[[int], str]) -> None:
    """Plug in `account id -> name to show`; a second call raises."""
    if _lookup:
        raise RuntimeError("the look-up of names is plugged in already")
    _lookup.append(lookup)


def actor_name(kind: str, account_id: int | None) -> str:
    """Return the name to show for an actor of the ledger."""
    if kind == "system":
        return _("系统")
    if account_id is None or not _lookup:
        return _("未登录居民")
    return _lookup[0](account_id)
