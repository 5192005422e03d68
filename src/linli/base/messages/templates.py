"""The texts of messages, by name."""

from __future__ import annotations

from collections.abc import Mapping

_TEMPLATES: dict[str, str] = {}


def register_templates(templates: Mapping[str, str]) -> None:
    """Plug in `name -> text with {parameters}`; a duplicate name raises."""
    for name, text in templates.items():
        if name in _TEMPLATES:
            raise RuntimeError(f"message template {name} stands twice")
        _TEMPLATES[name] = text


def render(name: str, params: Mapping[str, str]) -> str:
    """Return the text; raises KeyError for an unknown template or a missing parameter."""
    return _TEMPLATES[name].format_map(params)
