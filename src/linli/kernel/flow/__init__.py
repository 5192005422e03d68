"""Flow: life cycles as data, and the one way to take a step."""

from .errors import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, StepRefused, UnknownStep
from .perform import Outcome, perform
from .table import Context, Effect, Flow, Guard, Step, mermaid, states

__all__ = [
    "Context",
    "Effect",
    "Flow",
    "Guard",
    "GuardFailed",
    "InvalidStep",
    "NotAllowed",
    "Outcome",
    "SomeoneFaster",
    "Step",
    "StepRefused",
    "UnknownStep",
    "mermaid",
    "perform",
    "states",
]
