"""`linli createadmin`."""

from __future__ import annotations

import getpass
import os
from typing import Any

from ..cli import UserError
from ..start import start_django


def run(args: Any) -> int:
    """Make an administrator; the password is asked for, or taken from LINLI_ADMIN_PASSWORD."""
    start_django()
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from linli.base.accounts.actions import create_admin
    from linli.kernel.scope import SYSTEM

    password = os.environ.get("LINLI_ADMIN_PASSWORD") or getpass.getpass("password: ")
    try:
        create_admin(
            actor=SYSTEM,
            now=timezone.now(),
            username=args.username,
            name=args.name or args.username,
            password=password,
            role=args.role,
        )
    except ValidationError as error:
        raise UserError("; ".join(error.messages)) from error
    print(f"{args.username}: {args.role}")
    return 0
