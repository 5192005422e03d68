"""Everything that writes routes and rounds."""

from .rounds import close_missed, excuse_round, hand_in_round, open_rounds
from .routes import save_route

__all__ = ["close_missed", "excuse_round", "hand_in_round", "open_rounds", "save_route"]
