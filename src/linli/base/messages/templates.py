"""The texts of messages, by name."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any


class MissingParameter(KeyError):
    """A text needs a parameter that was not given."""


_TEMPLATES: dict[str, str] = {}
_FIELDS: dict[str, frozenset[str]] = {}


_LABELS: dict[str, Any] = {}


def label_of(name: str) -> str:
    """Return what people call a template; its own name where it has no other."""
    return str(_LABELS.get(name, name))


def all_labels() -> list[tuple[str, Any]]:
    """Return every template's name and what people call it."""
    return [(name, _LABELS.get(name, name)) for name in _TEMPLATES]


def register_templates(
    templates: Mapping[str, str], labels: Mapping[str, Any] | None = None
) -> None:
    """Plug in `name -> text with {parameters}`; a duplicate name raises.

    `labels` are what people call them in the log.
    """
    _LABELS.update(labels or {})
    for name, text in templates.items():
        if name in _TEMPLATES:
            raise RuntimeError(f"message template {name} stands twice")
        _TEMPLATES[name] = text
        _FIELDS[name] = frozenset(field for _, field, _, _ in Formatter().parse(text) if field)


def render(name: str, params: Mapping[str, str]) -> str:
    """Return the text.

    Raises KeyError for an unknown template, MissingParameter for a missing one. Parameters are
    put in as they are: braces inside them mean nothing.
    """
    missing = _FIELDS[name] - params.keys()
    if missing:
        raise MissingParameter(f"{name}: {', '.join(sorted(missing))}")
    return _TEMPLATES[name].format_map(params)
