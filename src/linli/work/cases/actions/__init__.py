"""Every write to cases, and the check of uploads that go with one."""

from ..attachments import Cleaned, clean_files
from ..catalogue import load_catalogue
from .looks import Contact, may_look, reveal_contact
from .matters import claim_same, join_matter, look_history
from .register import Registered, answer_at_once, register_case, settle_on_spot
from .steps import accept_and_dispatch, take_step
from .tracking import TooManyTries, rate_by_link, rate_tracked, try_code

__all__ = [
    "Cleaned",
    "Contact",
    "Registered",
    "TooManyTries",
    "accept_and_dispatch",
    "answer_at_once",
    "claim_same",
    "clean_files",
    "join_matter",
    "load_catalogue",
    "look_history",
    "may_look",
    "rate_by_link",
    "rate_tracked",
    "register_case",
    "reveal_contact",
    "settle_on_spot",
    "take_step",
    "try_code",
]
