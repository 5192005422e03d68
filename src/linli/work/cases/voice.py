"""Spoken notes: tell by its bytes whether a file is sound alone, as a phone records it."""

from __future__ import annotations

# What MediaRecorder makes: WebM with Opus (Chromium), MP4 with AAC (Safari), Ogg (Firefox).
KINDS = {"audio/webm": ".webm", "audio/mp4": ".m4a", "audio/ogg": ".ogg"}
MOST_BYTES = 5 * 1024 * 1024  # some ten minutes of speech
HEAD = 4096  # tracks stand at the beginning of what is recorded live


def kind_of(body: bytes) -> str:
    """Return the type of a recording without pictures, or blank for anything else."""
    head = body[:HEAD]
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        sound = b"A_OPUS" in head or b"A_VORBIS" in head
        return "audio/webm" if sound and b"V_" not in head else ""
    if head[4:8] == b"ftyp":
        return "audio/mp4" if b"soun" in body and b"vide" not in body else ""
    if head.startswith(b"OggS"):
        sound = b"OpusHead" in head or b"\x01vorbis" in head
        return "audio/ogg" if sound and b"theora" not in head else ""
    return ""
