"""Every write to cases."""

from .looks import Contact, may_look, reveal_contact
from .register import Registered, register_case, settle_on_spot
from .steps import accept_and_dispatch, take_step

__all__ = [
    "Contact",
    "Registered",
    "accept_and_dispatch",
    "may_look",
    "rate_tracked",
    "register_case",
    "reveal_contact",
    "settle_on_spot",
    "take_step",
]
from .tracking import rate_tracked
