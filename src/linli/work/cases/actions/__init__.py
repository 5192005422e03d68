"""Every write to cases."""

from .register import Registered, register_case, settle_on_spot
from .steps import accept_and_dispatch, take_step

__all__ = ["Registered", "accept_and_dispatch", "register_case", "settle_on_spot", "take_step"]
