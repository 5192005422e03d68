"""Run `linli` as a person at the keyboard does: a process of its own, with its own settings."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
REAL = {
    "LINLI_SECRET_KEY": "k8Vq2-" * 10,
    "LINLI_DATA_KEYS": "real:" + "a7" * 16,
    "LINLI_BLIND_INDEX_KEY": "b4Tz9-" * 6,
    "LINLI_HOSTS": "linli.example.org",
    "LINLI_HTTPS": "1",
}


@dataclass
class Shell:
    """A folder for data and a database; settings are what `env` says, and nothing from outside."""

    home: Path
    database: str
    env: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a process."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LINLI_", "DATABASE_", "DJANGO_"))
        }
        mine = {"LINLI_HOME": str(self.home), "DATABASE_URL": self.database}
        return kept | mine | self.env | more

    def linli(self, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a subcommand to its end."""
        return self._run("-m", "linli.site.cli", *args, **more)

    def python(self, code: str, **more: str) -> str:
        """Run code with Django set up and the tests' factories at hand; return what it printed."""
        setup = "import django; django.setup()\n"
        more = {
            "DJANGO_SETTINGS_MODULE": "linli.site.settings",
            "PYTHONPATH": str(ROOT / "tests"),
        } | more
        done = self._run("-c", setup + code, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *args],
            cwd=ROOT, env=self.environment(**more), check=False, capture_output=True, text=True,
            timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def own_database(word: str) -> str:
    """Make an empty database beside the tests' own, in place of the last run's."""
    import psycopg

    from linli.site import databases

    name = f"linli_{word}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    parts = urlsplit(databases.prepare(testing=True))
    address = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    databases.ensure_exists(databases.parse(address))
    return address
