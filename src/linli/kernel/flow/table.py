"""A life cycle as data: states and steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .errors import UnknownStep

if TYPE_CHECKING:
    from django import forms
    from django.db.models import QuerySet

    from ..scope import Actor


@dataclass(slots=True)
class Context:
    """What guards and effects see of a step under way.

    `subject` is locked; effects change its fields and `perform` saves it once. `entry` is what
    the ledger will keep (no personal text). `was` is the state before.
    """

    subject: Any
    actor: Actor
    now: datetime
    data: dict[str, Any]
    was: str
    step: Step
    entry: dict[str, Any] = field(default_factory=dict)
    after: list[Callable[[Context], None]] = field(default_factory=list)


Guard = Callable[[Context], str | None]
Effect = Callable[[Context], None]
Target = str | Callable[[Context], str] | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: from which states, to which state (None: it stays), by whom, with what.

    `guards` return a reason in the user's language or None. `effects` change the subject;
    what they add to `Context.after` runs once the ledger entry stands, in the same transaction.
    """

    name: str
    label: Any
    sources: frozenset[str]
    target: str | None
    permission: str
    form: type[forms.Form] | None = None
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    tone: str = "primary"


def _as_they_are(actor: Actor, _subject: Any) -> Actor:
    return actor


@dataclass(frozen=True)
class Flow:
    """A life cycle: its model, states with labels, steps, and who may see and do what.

    `visible(actor)` is the queryset of subjects the actor may see (fails closed);
    `allows(actor, permission, subject)` decides a step's permission on one subject;
    `recorded_as(actor, subject)` is who the ledger names, for subjects that protect someone.
    """

    name: str
    model: Any
    states: Mapping[str, Any]
    initial: str
    steps: tuple[Step, ...]
    visible: Callable[[Actor], QuerySet[Any]]
    allows: Callable[[Actor, str, Any], bool]
    recorded_as: Callable[[Actor, Any], Actor] = _as_they_are

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for step in self.steps:
            if step.name in seen:
                raise ValueError(f"{self.name}: step {step.name} stands twice")
            seen.add(step.name)
            unknown = (set(step.sources) | ({step.target} - {None})) - set(self.states)
            if unknown:
                raise ValueError(
                    f"{self.name}.{step.name}: unknown states {sorted(map(str, unknown))}"
                )

    def step(self, name: str) -> Step:
        """Return the named step; raises UnknownStep."""
        for step in self.steps:
            if step.name == name:
                return step
        raise UnknownStep(self.name, name)

    def available(self, subject: Any, actor: Actor) -> list[Step]:
        """Return the steps the actor could take on the subject now, in the table's order."""
        return [
            step
            for step in self.steps
            if subject.state in step.sources and self.allows(actor, step.permission, subject)
        ]


def states(*names: str) -> frozenset[str]:
    """Return the states as the set a Step wants."""
    return frozenset(names)


def mermaid(flow: Flow, say: Callable[[Any], str] = str) -> str:
    """Return the state diagram of a flow as Mermaid text; `say` puts a label into a language."""
    lines = ["stateDiagram-v2", f"  [*] --> {flow.initial}"]
    lines += [f"  {name}: {_plain(say(label))}" for name, label in flow.states.items()]
    ends = set(flow.states) - {
        source for step in flow.steps if step.target for source in step.sources
    }
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in flow.steps:
        for source in _ordered(flow, step.sources):
            arrows.setdefault((source, step.target or source), []).append(say(step.label))
    for (source, target), labels in arrows.items():
        lines.append(f"  {source} --> {target}: {_plain(' / '.join(labels))}")
    lines += [f"  {name} --> [*]" for name in flow.states if name in ends]
    return "\n".join(lines) + "\n"


def _plain(label: str) -> str:
    """Return a label without the marks that end one in Mermaid."""
    return label.replace(": ", " – ").replace(";", ",")


def _ordered(flow: Flow, names: Iterable[str]) -> list[str]:
    chosen = set(names)
    return [name for name in flow.states if name in chosen]
