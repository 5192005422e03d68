"""One concept, one word: the glossary knows every table, role, value and rate of the code."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation

from architecture.house import ROOT, sources, tracked
from linli.base.accounts.policies import ROLES
from linli.base.indicators.registry import all_indicators

GLOSSARY = "".join((ROOT / f"docs/{name}.md").read_text("utf-8") for name in ("glossary", "values"))
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
    assert rows - found == set(), "add it to docs/values.md"


def handbook(language):
    return {path.name: path.read_text("utf-8") for path in (HANDBOOK / language).glob("*.md")}


def test_the_handbook_has_the_same_pages_and_headings_in_both_languages():
    chinese, english = handbook("zh"), handbook("en")
    assert chinese.keys() == english.keys()
    for name in chinese:
        counts = {len(re.findall(r"^#+ ", book[name], re.M)) for book in (chinese, english)}
        assert len(counts) == 1, name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_administrators_page_names_each_setting_and_no_other(language):
    text = handbook(language)["administrator.md"]
    named = set(re.findall(r"\bLINLI_[A-Z_]+|\bREDIS_URL|\bDATABASE_URL", text))
    read = {
        name
        for source in sources()
        for name in re.findall(r'"(LINLI_[A-Z_]+|REDIS_URL|DATABASE_URL)"', source.text)
    }
    assert named == read


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_of_the_handbook_is_known(language):
    known = set(re.findall(r'command\("([\w-]+)"', (ROOT / "src/linli/site/cli.py").read_text()))
    text = "\n".join(handbook(language).values())
    called = set(re.findall(r"(?:^|`)linli ([a-z][\w-]+)", text, re.M))
    assert called
    assert called <= known
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([\w-]+)", text)) <= targets


def test_no_link_of_the_documents_is_broken():
    pages = [path for path in tracked() if path.suffix == ".md"]
    broken = [
        f"{path}: {link}"
        for path in pages
        for link in re.findall(r"\]\(([^)#\s]+)\)", (ROOT / path).read_text("utf-8"))
        if "://" not in link and not (ROOT / path.parent / link).exists()
    ]
    assert not broken
