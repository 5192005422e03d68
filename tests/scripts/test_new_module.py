"""`make new-module` makes a module that stands, and refuses what would not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scripts import new_module

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path):
    """A copy of the sources to make modules in."""
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder, *words):
    env = {**os.environ, "PYTHONPATH": str(folder / "src"), "LINLI_HOME": str(folder / "home")}
    return subprocess.run(
        words, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(("wing", "name"), [("life", "activities"), ("doors", "open_311")])
def test_a_new_module_stands(copy, wing, name):
    written = new_module.make(copy, wing, name)
    assert (copy / "src/linli" / wing / name / "templates" / name).is_dir()
    for words in (["check"], ["format", "--check"]):
        paths = [str(path) for path in written if path.suffix == ".py"]
        done = run(copy, sys.executable, "-m", "ruff", *words, "--no-cache", *paths)
        assert done.returncode == 0, done.stdout
    code = f"""
import importlib, django
django.setup()
from django.apps import apps
import linli
assert linli.__file__.startswith({str(copy)!r}), linli.__file__
assert apps.get_app_config({name!r}).name == "linli.{wing}.{name}"
for part in ("models", "actions", "queries", "policies", "urls", "migrations"):
    importlib.import_module("linli.{wing}.{name}." + part)
import linli.site.urls
"""
    done = run(copy, sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr
    assert (copy / "tests" / wing / name / f"test_{name}.py").is_file()


def test_its_first_test_passes_where_it_is_made(copy):
    new_module.make(copy, "life", "care")
    shutil.copytree(ROOT / "tests/architecture", copy / "tests/architecture")
    done = run(
        copy, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/life/care"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_long_list_of_modules_is_broken_into_lines():
    names = [f"module_{number}" for number in range(12)]
    settings = "LIFE_APPS: list[str] = []\nOTHER = []\n"
    for name in names:
        settings = new_module.listed(settings, "LIFE_APPS", name)
    found = {}
    exec(settings, found)
    assert found["LIFE_APPS"] == names
    assert settings.endswith("OTHER = []\n")
    assert max(len(line) for line in settings.splitlines()) <= 100


@pytest.mark.parametrize(
    ("wing", "name", "why"),
    [
        ("loft", "activities", "no wing"),
        ("base", "forms", "order"),
        ("life", "Activities", "no name"),
        ("life", "1st", "no name"),
        ("life", "class", "no name"),
        ("life", "../care", "no name"),
        ("life", "", "no name"),
        ("life", "helpers", "says nothing"),
        ("work", "cases", "taken by linli.work.cases"),
        ("life", "cases", "taken by linli.work.cases"),
        ("life", "sessions", "taken by django.contrib.sessions"),
    ],
)
def test_what_would_not_stand_is_refused_and_nothing_changes(copy, wing, name, why):
    before = sorted(copy.rglob("*"))
    settings = new_module.settings_of(copy).read_text("utf-8")
    with pytest.raises(new_module.Refused, match=why):
        new_module.make(copy, wing, name)
    assert sorted(copy.rglob("*")) == before
    assert new_module.settings_of(copy).read_text("utf-8") == settings


def test_the_command_says_why(capsys):
    assert new_module.main(["loft", "care"]) == 2
    assert "There is no wing 'loft'" in capsys.readouterr().err
