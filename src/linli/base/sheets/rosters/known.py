"""What registers know of a line, and how what was typed flows back into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from linli.kernel.scope import Actor

from ..models import Column
from ..sources import Source, get_source, plain


class Known(NamedTuple):
    """A value as a cell keeps it, who supplied it, and when."""

    value: str
    source: str
    on: date | None = None


class Writer(Protocol):
    """Put a typed value into the register through its own acts; raises what those raise."""

    def __call__(
        self, ref: int, value: str, *, actor: Actor, now: datetime, source: str
    ) -> None: ...


# (keys of the rows, day) -> what is known; a row left out is one nothing is known of.
Reader = Callable[[Sequence[int], date], dict[int, Known]]


@dataclass(frozen=True)
class Field:
    """A field of a register that a column can be taken from.

    `key` is unique ("person.phone"), `rows` the kind of line, `kind` the kind of column. What a
    register does not know is typed where it can be given back (`write`); without, it stays blank.
    """

    key: str
    title: Any
    rows: str
    kind: str
    read: Reader
    synonyms: tuple[str, ...] = ()
    write: Writer | None = None
    choices: tuple[str, ...] = ()
    href: Callable[[int], str] | None = None


_FIELDS: dict[str, Field] = {}


def register_fields(fields: Iterable[Field]) -> None:
    """Plug in fields from AppConfig.ready(); a duplicate key raises."""
    for field in fields:
        if field.key in _FIELDS:
            raise RuntimeError(f"the field {field.key} stands twice")
        _FIELDS[field.key] = field


def get_field(key: str) -> Field | None:
    """Return a field by its key, or None."""
    return _FIELDS.get(key)


def fields_of(rows: str) -> list[Field]:
    """Return the fields known of a kind of line, in the order they were plugged in."""
    return [field for field in _FIELDS.values() if field.rows == rows]


def field_for_title(title: str, rows: str) -> Field | None:
    """Return the field that knows what a column with this title asks of a kind of line, or None."""
    asked = plain(title)
    for field in fields_of(rows):
        if asked in {plain(word) for word in (str(field.title), *field.synonyms)}:
            return field
    return None


def source_of(column: Column) -> Source | Field | None:
    """Return what a column is taken from, a figure of a place or a field of a register."""
    return get_source(column.source) or get_field(column.source)
