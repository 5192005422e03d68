"""Compile the catalogues (.po) to what Django reads (.mo); does nothing where nothing changed."""

from __future__ import annotations

from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "src" / "linli" / "locale"


def compile_messages(folder: Path = LOCALE) -> list[Path]:
    """Write each .mo that is missing or older than its .po; return the files written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        import polib  # only here, so that a call with nothing to do takes no time

        # A run that stops half-way must leave the old file whole.
        draft = target.with_name(f"{target.name}.new")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_messages()
