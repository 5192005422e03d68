"""Bring up Django for a command: database first, then settings."""

from __future__ import annotations

import os

from . import databases
from .cli import UserError
from .env import EnvError


def start_django() -> None:
    """Prepare the database and set Django up.

    A setting of no use and a database that does not answer are UserErrors.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    try:
        databases.prepare()
    except RuntimeError as error:
        raise UserError(str(error)) from error
    import django

    try:
        django.setup()
    except EnvError as error:
        raise UserError(str(error)) from error
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise UserError(f"the database does not answer: {error}") from error


def read_file(path: str) -> bytes:
    """Return a file's bytes; a file that cannot be read is a UserError."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from error
