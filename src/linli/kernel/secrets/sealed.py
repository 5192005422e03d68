"""Which columns hold sealed values: every encrypted field, and what modules name besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps

from .fields import EncryptedTextField


@dataclass(frozen=True)
class Sealed:
    """A table with its key and the columns of bytes that are sealed."""

    table: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Apart:
    """Values sealed inside something else: count those under a key, seal all anew."""

    count: Callable[[str | None], int]
    reseal: Callable[[], int]


_COLUMNS: dict[str, set[str]] = {}
_APART: dict[str, Apart] = {}


def register_sealed_column(table: str, column: str) -> None:
    """Plug in a binary column that a module seals itself; call it from AppConfig.ready()."""
    _COLUMNS.setdefault(table, set()).add(column)


def register_sealed_apart(name: str, apart: Apart) -> None:
    """Plug in values sealed inside another format; a duplicate raises."""
    if name in _APART:
        raise RuntimeError(f"sealed values {name} stand twice")
    _APART[name] = apart


def sealed_tables() -> list[Sealed]:
    """Return every table with sealed columns, by name."""
    found = []
    for model in apps.get_models():
        meta = model._meta
        columns = {str(f.column) for f in meta.concrete_fields if isinstance(f, EncryptedTextField)}
        columns |= _COLUMNS.get(meta.db_table, set())
        if columns and meta.managed and not meta.proxy and meta.pk is not None:
            found.append(Sealed(meta.db_table, str(meta.pk.column), tuple(sorted(columns))))
    return sorted(found, key=lambda one: one.table)


def sealed_apart() -> list[Apart]:
    """Return what is sealed inside other formats, by name."""
    return [_APART[name] for name in sorted(_APART)]
