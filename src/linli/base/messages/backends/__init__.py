"""Ways out of the house: one folder or file for each kind of gateway."""

from .base import Backend, Letter, Outcome, Verdict, backend

__all__ = ["Backend", "Letter", "Outcome", "Verdict", "backend"]
