"""Authenticated encryption of short texts, AES-GCM or SM4-GCM by setting."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from . import keys

NONCE, TAG = 12, 16
MARKS = {"AES-GCM": b"A", "SM4-GCM": b"S"}


class Tampered(ValueError):
    """The stored value is damaged, was changed, or belongs to another key."""


def _cipher(mark: bytes, key: bytes, mode: modes.GCM) -> Cipher[modes.GCM]:
    algorithm = algorithms.SM4(key[:16]) if mark == b"S" else algorithms.AES(key)
    return Cipher(algorithm, mode)


def seal(text: str) -> bytes:
    """Return the text encrypted under the current key; blank stays blank."""
    if not text:
        return b""
    mark = MARKS[settings.DATA_CIPHER]
    name, key = keys.current()
    nonce = os.urandom(NONCE)
    worker = _cipher(mark, key, modes.GCM(nonce)).encryptor()
    body = worker.update(text.encode()) + worker.finalize()
    return mark + name.encode() + b":" + nonce + worker.tag + body


def unseal(blob: bytes) -> str:
    """Return the text of a sealed value; raises Tampered or KeyProblem."""
    if not blob:
        return ""
    mark, rest = blob[:1], blob[1:]
    name, _, payload = rest.partition(b":")
    if mark not in MARKS.values() or len(payload) < NONCE + TAG:
        raise Tampered("not a sealed value")
    nonce, tag, body = payload[:NONCE], payload[NONCE : NONCE + TAG], payload[NONCE + TAG :]
    worker = _cipher(mark, keys.named(name.decode()), modes.GCM(nonce, tag)).decryptor()
    try:
        return (worker.update(body) + worker.finalize()).decode()
    except InvalidTag as error:
        raise Tampered("a sealed value was changed") from error
