"""The English catalogue is whole and in step with the sources; no source hides Chinese from it."""

from __future__ import annotations

import ast
import re
from collections import Counter

import polib
import pytest
from django.template.base import Lexer, TokenType
from scripts import collect_messages, compile_messages

# Ideographs and full-width punctuation.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
OWN_NAME = "中文"  # the name of a language stands in that language
ADVICE = "run `make messages` and fill in src/linli/locale/en/LC_MESSAGES/django.po"


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(collect_messages.CATALOGUE))


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def test_every_text_of_the_sources_is_in_the_catalogue(catalogue):
    asked = {key(entry) for entry in collect_messages.collect()}
    standing = {key(entry) for entry in catalogue if not entry.obsolete}
    assert asked - standing == set(), ADVICE
    assert standing - asked == set(), ADVICE


def test_every_text_has_a_firm_english_translation(catalogue):
    for entry in catalogue:
        wordings = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        assert all(text.strip(" ") for text in wordings), f"no translation: {entry.msgid}"
        assert "fuzzy" not in entry.flags, f"fuzzy: {entry.msgid}"
        for text in wordings:
            assert not CHINESE.search(text), f"Chinese in the translation: {text}"


def places(text):
    """Count the places for values, and the doubled percent signs that % would otherwise eat."""
    named = collect_messages.PLACE.findall(text.replace("%%", ""))
    return Counter([*named, *re.findall("%%", text)])


def test_a_translation_keeps_the_places_for_values(catalogue):
    for entry in catalogue:
        wordings = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        for text in wordings:
            assert places(text) == places(entry.msgid), entry.msgid


def test_collecting_again_changes_nothing(catalogue):
    again = collect_messages.keep(collect_messages.collect(), catalogue)
    assert str(again).strip() == collect_messages.CATALOGUE.read_text("utf-8").strip()
    assert "POT-Creation-Date" not in str(again)


def test_compiling_twice_writes_once(tmp_path):
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(collect_messages.CATALOGUE.read_bytes())
    assert compile_messages.compile_messages(tmp_path) == [source.with_suffix(".mo")]
    assert compile_messages.compile_messages(tmp_path) == []


def unmarked(template):
    """List what is Chinese in a template outside tags of translation and comments."""
    inside, found = "", []
    for token in Lexer(template).tokenize():
        words = token.contents.split() if token.token_type == TokenType.BLOCK else []
        tag = words[0] if words else ""
        if inside:
            inside = "" if tag in {f"end{inside}"} else inside
        elif tag in {"blocktranslate", "blocktrans", "comment"}:
            inside = tag
        elif tag not in {"translate", "trans"} and token.token_type != TokenType.COMMENT:
            rest = re.sub(r"""_\((".*?"|'.*?')\)""", "", token.contents).replace(OWN_NAME, "")
            found += [f"{token.lineno}: {rest.strip()[:60]}"] if CHINESE.search(rest) else []
    return found


def test_no_template_holds_unmarked_chinese():
    paths = [path for path in collect_messages.sources() if path.suffix != ".py"]
    assert len(paths) > 50
    found = {path.name: lines for path in paths if (lines := unmarked(path.read_text("utf-8")))}
    assert found == {}


def test_the_check_of_templates_sees_what_is_unmarked():
    assert unmarked("<p>你好</p>") == ["1: <p>你好</p>"]
    assert unmarked('{{ day|date:"n月j日" }}')
    assert not unmarked('{% translate "你好" %}{{ day|date:_("n月j日") }}{# 说明 #}')
    assert not unmarked("{% blocktranslate %}你好{% endblocktranslate %}")


def literals(path):
    """List the Chinese literals of a module outside calls of gettext and documentation."""
    tree, marked = ast.parse(path.read_text("utf-8")), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in collect_messages.KEYWORDS:
                marked |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Expr) or (
            isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verbose_name"
        ):  # documentation, and names of apps that no page shows
            marked.add(id(node.value))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in marked
        and IDEOGRAPH.search(node.value)
    ]


# Modules whose Chinese is data: texts sent to phones, names kept in the ledger, legal bases, words
# to search, samples and the language's own name.
DATA = {
    "base/sheets/layouts.py",  # names of placeholders, as they stand in people's workbooks
    "base/sheets/templating.py",  # the same
    "base/sheets/registers.py",  # words under which sheets ask for what the registers know
    "base/sheets/rosters/fields.py",  # the same
    "base/sheets/reminders.py",  # texts of messages
    "base/sheets/sources.py",  # words of count
    "base/areas/naming.py",
    "base/messages/apps.py",
    "base/messages/record_texts.py",
    "base/people/addresses.py",
    "base/people/ledgers/cleaning.py",
    "base/people/ledgers/columns.py",
    "base/people/ledgers/reading.py",
    "base/people/ledgers/checking.py",
    "insight/hotspots/notices.py",
    "kernel/scope/actor.py",
    "kernel/search/vector.py",
    "kernel/secrets/words.py",
    "kernel/ui/samples.py",
    "life/knowledge/notices.py",
    "life/knowledge/rules.py",
    "site/cli.py",
    "site/settings.py",
    "work/cases/catalogue.py",
    "work/cases/indicators.py",  # words under which sheets ask for what is counted
    "work/cases/mediation/actions.py",
    "work/cases/mediation/documents.py",
    "work/cases/mediation/models.py",
    "work/cases/mediation/notices.py",
    "work/cases/notices.py",
    "work/emergencies/calling.py",
}


def test_no_module_holds_unmarked_chinese_but_data_and_demonstrations():
    found = {}
    for path in collect_messages.sources():
        name = path.relative_to(collect_messages.SOURCE).as_posix()
        if path.suffix == ".py" and "demo" not in name and name not in DATA:
            found |= {name: lines} if (lines := literals(path)) else {}
    assert found == {}, "mark it with gettext, or list the module in DATA if it is data"
