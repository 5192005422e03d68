"""Every write to accounts, units and grants."""

from .codes import CodeRefused, check_code, issue_code
from .people import (
    create_admin,
    create_resident,
    create_staff,
    create_unit,
    end_grant,
    grant_role,
    set_password,
)
from .sign_in import SignInRefused, check_password, note_sign_in, unlock

__all__ = [
    "CodeRefused",
    "SignInRefused",
    "check_code",
    "check_password",
    "create_admin",
    "create_resident",
    "create_staff",
    "create_unit",
    "end_grant",
    "grant_role",
    "issue_code",
    "note_sign_in",
    "set_password",
    "unlock",
]
