"""Find the database: DATABASE_URL where it is set, the embedded server where it is not."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from . import env, postgres

PLACEHOLDER = "postgresql:///linli"


def prepare(*, testing: bool = False) -> str:
    """Make sure a database server answers, and put its address into DATABASE_URL.

    Call it before Django is set up. Starts the embedded server where no address is given;
    child processes inherit the address and start nothing.
    """
    given = env.text("DATABASE_URL")
    if given:
        return given
    uri = postgres.start(env.home() / ("pgtest" if testing else "pg"), throwaway=testing)
    address = uri.replace("/postgres?", "/linli?", 1)
    os.environ["DATABASE_URL"] = address
    os.environ["LINLI_EMBEDDED"] = "1"
    if not testing:
        ensure_exists(parse(address))
    return address


def parse(url: str) -> dict[str, Any]:
    """Turn a postgresql:// address into Django's settings; raises EnvError on another scheme."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise env.EnvError("DATABASE_URL must start with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", "") or unquote(parts.hostname or "")
    name = unquote(parts.path.lstrip("/"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }


def ensure_exists(settings: dict[str, Any]) -> bool:
    """Create the database where it is missing; return whether it was created."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        row = connection.execute(
            "select 1 from pg_database where datname = %s", [settings["NAME"]]
        ).fetchone()
        if row:
            return False
        connection.execute(
            sql.SQL("create database {} template template0 encoding 'UTF8'").format(
                sql.Identifier(settings["NAME"])
            )
        )
        return True
