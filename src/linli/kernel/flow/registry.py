"""Which flows there are: modules plug in their life cycles at start-up."""

from __future__ import annotations

from .table import Flow

_FLOWS: dict[str, Flow] = {}


def register_flow(flow: Flow) -> None:
    """Plug in a life cycle; call it from AppConfig.ready(). A duplicate name raises."""
    if flow.name in _FLOWS:
        raise RuntimeError(f"flow {flow.name} stands twice")
    _FLOWS[flow.name] = flow


def all_flows() -> list[Flow]:
    """Return every life cycle that is plugged in, by name."""
    return [_FLOWS[name] for name in sorted(_FLOWS)]
