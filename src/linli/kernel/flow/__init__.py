"""Flow: life cycles as data, and the one way to take a step."""

from .errors import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, StepRefused, UnknownStep
from .perform import Outcome, perform
from .registry import all_flows, register_flow
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
    "all_flows",
    "mermaid",
    "perform",
    "register_flow",
    "states",
]
