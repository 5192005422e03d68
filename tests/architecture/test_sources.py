"""The laws of the house on the sources: who may import what, names, sizes, nothing of a machine."""

from __future__ import annotations

import re

import pytest

from architecture.house import ROOT, WINGS, Source, module_of, sources, text_of, tracked, wing_of

# What other modules may import of a module: its tables' types, its reads, its writes.
OPEN = {"models", "queries", "actions"}
# Registries and guards: a lower module is told through them what a higher one adds.
REGISTRIES = {
    "linli.base.accounts.access": "guards that pages of every module stand behind",
    "linli.base.accounts.code_sender": "registry: who sends one-time codes",
    "linli.base.accounts.homes": "registry: where a role lands after logging in",
    "linli.base.areas.staffing": "registry: who works in the district, for duties",
    "linli.base.areas.fields": "form fields that find an area",
    "linli.base.areas.moving": "registry: what moves along when areas change",
    "linli.base.indicators.registry": "registry of indicators",
    "linli.base.messages.templates": "registry of the texts of messages",
    "linli.work.cases.attachments": "cleaning of what people upload, without a table",
    "linli.work.cases.answers": "registry: where answers to consultations come from",
    "linli.base.people.erasable": "registry: what is erased of a person, and what must stay",
    "linli.base.people.retained": "registry: what is kept for a time only",
    "linli.base.people.purposes": "registry: what residents may allow or refuse",
    "linli.life.publishing.cleaning": "safe HTML and the words of it, without a table",
    "linli.base.people.identity": "checks of numbers, without a table",
    "linli.base.sheets.rosters": "lines of sheets, and the registry of fields known of them",
    "linli.base.sheets.sources": "registry: figures that are known and no sheet may ask",
    "linli.base.people.sections": "registry: what others add to a resident's page",
    "linli.base.people.telling": "registry: how residents are told about their record",
    "linli.work.patrols.links": "registry: categories of problems, cases reported from rounds",
}
# One module's demonstration builds on another's: places, people and names belong together.
DEMO = re.compile(r"\.demo(_\w+)?$")
SIGNALS = ("django.db.models.signals", "django.dispatch", "django.core.signals")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "managers", "misc", "signals"}
LONGEST = 500
MADE_BY_PROGRAMS = re.compile(r"(\.lock|package-lock\.json|/migrations/\d{4}_\w+\.py|\.po|\.svg)$")

IDS = [pytest.param(source, id=source.name) for source in sources()]


def part_of(dotted: str) -> str:
    """Return the file of a module that a dotted name reaches, "linli.WING.MODULE.FILE"."""
    return ".".join(dotted.split(".")[:4])


def forbidden_imports(source: Source) -> list[str]:
    """Return what a file imports against the law."""
    wrong = []
    for dotted, _here, line in source.imports:
        if not dotted.startswith("linli.") or len(dotted.split(".")) < 3:
            continue
        own, target = module_of(source.name), module_of(dotted)
        if own == target or len(source.name.split(".")) < 3:
            continue
        mine, theirs = wing_of(source.name), wing_of(dotted)
        place = f"{source.name}:{line} imports {dotted}"
        if WINGS.index(theirs) > WINGS.index(mine):
            wrong.append(f"{place}: a higher wing")
        elif theirs == mine and mine not in {"base", "kernel"}:
            wrong.append(f"{place}: a neighbour")
        elif theirs != "kernel" and not _open(source.name, dotted):
            wrong.append(f"{place}: not models, queries, actions or a registry")
    return wrong


def _open(importer: str, dotted: str) -> bool:
    part = part_of(dotted)
    if part.rpartition(".")[2] in OPEN or part in REGISTRIES:
        return True
    return bool(DEMO.search(importer) and DEMO.search(part))


@pytest.mark.parametrize("source", IDS)
def test_modules_meet_only_at_their_open_files(source):
    assert not forbidden_imports(source)


@pytest.mark.parametrize(
    ("name", "line", "lawful"),
    [
        ("linli.doors.website.pages", "from linli.work.cases.queries import x", True),
        ("linli.doors.website.pages", "from linli.work.cases.actions.steps import x", True),
        ("linli.doors.website.pages", "from linli.work.cases import forms", False),
        ("linli.doors.website.pages", "from linli.work.cases.forms import RateForm", False),
        ("linli.work.cases.pages", "from linli.doors.website.models import x", False),
        ("linli.work.cases.pages", "from linli.work.services.models import x", False),
        ("linli.base.accounts.pages", "from ..areas.models import Area", True),
        ("linli.base.accounts.pages", "from ..areas.codes import x", False),
        ("linli.base.people.demo", "from ..accounts.demo_names import x", True),
        ("linli.base.people.pages", "from ..accounts.demo_names import x", False),
        ("linli.work.cases.pages", "import linli.kernel.listing.spec", True),
    ],
)
def test_the_check_of_imports_bites(name, line, lawful):
    assert (not forbidden_imports(Source(name, line))) == lawful


def test_every_registry_listed_stands_and_is_used():
    used = {
        part_of(dotted)
        for source in sources()
        for dotted, _here, _line in source.imports
        if dotted.startswith("linli.") and module_of(source.name) != module_of(dotted)
    }
    assert set(REGISTRIES) <= used


@pytest.mark.parametrize("source", IDS)
def test_no_signals(source):
    names = [dotted for dotted, _here, _line in source.imports]
    assert not [name for name in names if name.startswith(SIGNALS)]


def test_no_drawer_for_odds_and_ends():
    wrong = [
        path
        for path in tracked()
        if path.parts[0] == "src" and FORBIDDEN_NAMES & {path.stem, *path.parts[:-1]}
    ]
    assert not wrong


def test_no_file_is_longer_than_five_hundred_lines():
    long = {
        str(path): len(text.splitlines())
        for path in _written()
        if not MADE_BY_PROGRAMS.search(str(path)) and (text := text_of(path)) is not None
    }
    assert not {name: lines for name, lines in long.items() if lines > LONGEST}


def _written():
    found = tracked()
    if not found:
        pytest.skip("not a clone of git")
    return found


# Put together here so that this file does not hold what it forbids.
MACHINE = re.compile(
    r"(?<![\w.\-/])/(?:work|home|root|Users)/[\w.\-]+" + "|" + r"(?<![\w.\-/}])/" + r"tmp(?![\w-])"
)
HOSTS = ("pypi", "files.pythonhosted", "test.pypi", "registry.npmjs", "registry.npmmirror",
         "registry.yarnpkg", "proxy.golang", "goproxy", "crates", "mirrors.aliyun",
         "pypi.tuna.tsinghua")  # fmt: skip
REGISTRY = re.compile(
    r"\b(?:" + "|".join(re.escape(host) for host in HOSTS) + r")\.(?:org|com|io|cn|edu\.cn)\b"
)


def test_no_path_of_one_machine_and_no_package_registry():
    wrong = []
    for path in _written():
        text = text_of(path)
        if text is None:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            temporary = path.parts[0] == "tests" and "/" + "tmp" in line
            if (MACHINE.search(line) and not temporary) or REGISTRY.search(line):
                wrong.append(f"{path}:{number}: {line.strip()[:100]}")
    assert not wrong


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("cd /" + "home/someone/linli", True),
        ("cp x '/" + "tmp/out'", True),
        ("see tests/work/cases/test_bulk.py", False),
        ("path('/my/home/')", False),
        ("https://registry." + "npmjs.org/x", True),
        ("index = https://pypi." + "org/simple", True),
    ],
)
def test_the_check_of_machines_bites(line, found):
    assert bool(MACHINE.search(line) or REGISTRY.search(line)) == found


def test_tests_mirror_the_sources():
    """Every folder of tests under a wing is one of its modules."""
    wrong = [
        path
        for wing in WINGS
        for path in (ROOT / "tests" / wing).glob("*/")
        if path.name != "__pycache__" and not (ROOT / "src/linli" / wing / path.name).exists()
    ]
    assert not wrong
