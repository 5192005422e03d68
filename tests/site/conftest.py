"""A database of its own for the commands of `linli`, brought to this version once."""

from __future__ import annotations

import pytest

from site_shell import Shell, own_database


@pytest.fixture(scope="session")
def shell(tmp_path_factory) -> Shell:
    made = Shell(tmp_path_factory.mktemp("home"), own_database("shell"))
    done = made.linli("migrate")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def empty(tmp_path) -> Shell:
    """Return a shell whose database was never migrated."""
    return Shell(tmp_path, own_database("empty"))
