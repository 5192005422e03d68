"""One concept, one word: the glossary knows every table, role, value and rate of the code."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation

from architecture.house import ROOT
from linli.base.accounts.policies import ROLES
from linli.base.indicators.registry import all_indicators

GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
IN_CODE = set(re.findall(r"`([\w.]+)`", GLOSSARY))
HANDBOOK = ROOT / "docs/handbook"


def choices():
    return [one for one in TextChoices.__subclasses__() if one.__module__.startswith("linli.")]


def test_every_table_has_its_word():
    models = {m.__name__ for m in apps.get_models() if m.__module__.startswith("linli.")}
    assert models - IN_CODE == set(), "add it to docs/glossary.md"


def test_every_role_and_rate_has_its_word():
    known = set(ROLES) | {indicator.code for indicator in all_indicators()}
    assert known - IN_CODE == set(), "add it to docs/glossary.md"


@pytest.mark.parametrize("kind", choices(), ids=lambda kind: kind.__qualname__)
def test_every_value_has_its_word_as_pages_show_it(kind):
    with translation.override("zh-hans"):
        rows = {(str(label), value) for value, label in kind.choices}
    found = set(re.findall(r"^\| [^|]+ \| ([^|]+) \| [^|]+ \| `(\w+)` \|$", GLOSSARY, re.M))
    assert rows - found == set(), "add it to docs/glossary.md"
