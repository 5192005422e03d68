"""Collect the texts to translate from src/linli into the English catalogue.

Translations that stand are kept, texts that are gone are dropped, new texts come in empty. Needs
no GNU gettext. The result depends on the sources alone: no dates, no line numbers, no paths of
this machine.
"""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "linli"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
TEMPLATES = {".html", ".svg", ".txt", ".xml"}
KEYWORDS = {
    **dict.fromkeys(("_", "_t", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
METADATA = {
    "Project-Id-Version": "linli",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
# Text with a named or positional place for a value, as Python's % fills it.
PLACE = re.compile(r"%(?:\(\w+\))?[sdifr]|\{\w*\}")


def sources(folder: Path = SOURCE) -> list[Path]:
    """All files that may hold texts, in a stable order; migrations hold none of their own."""
    templates = [path for path in folder.rglob("templates/**/*") if path.suffix in TEMPLATES]
    modules = [path for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return sorted([*modules, *templates])


def as_python(path: Path) -> str:
    """Return a file as Python text that calls gettext: a template is rewritten into that."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lines = templatize(text, origin=str(path)).splitlines()
    return "\n".join(line.strip() for line in lines)  # markup's indentation is not Python's


def texts(path: Path) -> list[tuple[str | None, str, str]]:
    """List (context, singular, plural or "") of each text of one file in the order they stand."""
    found = []
    stream = io.BytesIO(as_python(path).encode())
    for _line, message, _comments, context in extract("python", stream, keywords=KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            found.append((context, singular, plural))
    return found


def collect() -> polib.POFile:
    """Collect all texts of the sources into a catalogue without translations."""
    catalogue = polib.POFile(wrapwidth=99)
    catalogue.metadata = dict(METADATA)
    entries: dict[tuple[str | None, str], polib.POEntry] = {}
    for path in sources():
        place = (path.relative_to(ROOT).as_posix(), "")
        for context, singular, plural in texts(path):
            entry = entries.get((context, singular))
            if entry is None:
                flags = ["python-format"] if PLACE.search(singular) else []
                entry = polib.POEntry(msgctxt=context, msgid=singular, flags=flags)
                entries[context, singular] = entry
                catalogue.append(entry)
            if plural and not entry.msgid_plural:
                entry.msgid_plural = plural
                entry.msgstr_plural = {0: "", 1: ""}
            if place not in entry.occurrences:
                entry.occurrences.append(place)
    return catalogue


def keep(fresh: polib.POFile, standing: polib.POFile) -> polib.POFile:
    """Take over the translations of `standing` that `fresh` still asks for; return `fresh`."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in standing if not entry.obsolete}
    for entry in fresh:
        old = known.get((entry.msgctxt, entry.msgid))
        if old is None:
            continue
        if entry.msgid_plural:
            entry.msgstr_plural = old.msgstr_plural or {0: old.msgstr, 1: old.msgstr}
        else:
            entry.msgstr = old.msgstr or old.msgstr_plural.get(1, "")
        entry.tcomment = old.tcomment
        if "fuzzy" in old.flags:
            entry.flags.append("fuzzy")
    return fresh


def main() -> None:
    """Bring the catalogue up to date and say what is still without a translation."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    fresh = collect()
    if CATALOGUE.exists():
        fresh = keep(fresh, polib.pofile(str(CATALOGUE)))
    fresh.save(str(CATALOGUE), newline="\n")
    empty = fresh.untranslated_entries()
    print(f"{len(fresh)} texts, {len(empty)} without a translation")
    for entry in empty:
        print(f"  {entry.msgid}")


if __name__ == "__main__":
    main()
