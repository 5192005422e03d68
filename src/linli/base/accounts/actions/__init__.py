"""Every write to accounts, units and grants."""

from .admins import create_admin
from .codes import CodeRefused, check_code, forget_old_codes, issue_code
from .forgetting import forget_resident
from .grants import end_grant, grant_role
from .own import change_own_password, set_own_phone
from .people import create_resident, create_staff, create_unit, set_own_name, set_password
from .posts import lock, move_post, unlock
from .sign_in import SignInRefused, check_password, check_second_factor, note_sign_in

__all__ = [
    "CodeRefused",
    "SignInRefused",
    "change_own_password",
    "check_code",
    "check_password",
    "check_second_factor",
    "create_admin",
    "create_resident",
    "create_staff",
    "create_unit",
    "end_grant",
    "forget_old_codes",
    "forget_resident",
    "grant_role",
    "issue_code",
    "lock",
    "move_post",
    "note_sign_in",
    "set_own_name",
    "set_own_phone",
    "set_password",
    "unlock",
]
