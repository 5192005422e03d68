"""Authenticated encryption of short texts, AES-GCM or SM4-GCM by setting."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from . import keys

NONCE, TAG = 12, 16
NONCES = 256  # drawn at once where many texts are sealed
MARKS = {"AES-GCM": b"A", "SM4-GCM": b"S"}


class Tampered(ValueError):
    """The stored value is damaged, was changed, or belongs to another key."""


def _cipher(mark: bytes, key: bytes, mode: modes.GCM) -> Cipher[modes.GCM]:
    algorithm = algorithms.SM4(key[:16]) if mark == b"S" else algorithms.AES(key)
    return Cipher(algorithm, mode)


@lru_cache(maxsize=8)
def _aes(key: bytes) -> AESGCM:
    """Return one object for each key: making it costs more than sealing a name."""
    return AESGCM(key)


def seal(text: str) -> bytes:
    """Return the text encrypted under the current key; blank stays blank."""
    return seal_bytes(text.encode())


def seal_bytes(plain: bytes) -> bytes:
    """Return bytes encrypted under the current key; none stay none."""
    if not plain:
        return b""
    mark = MARKS[settings.DATA_CIPHER]
    name, key = keys.current()
    nonce = os.urandom(NONCE)
    if mark == b"A":
        sealed = _aes(key).encrypt(nonce, plain, None)
        tag, body = sealed[-TAG:], sealed[:-TAG]
    else:
        worker = _cipher(mark, key, modes.GCM(nonce)).encryptor()
        body = worker.update(plain) + worker.finalize()
        tag = worker.tag
    return mark + name.encode() + b":" + nonce + tag + body


def _nonces() -> Iterator[bytes]:
    """Yield random bytes of a nonce's length; the system is asked for many at once."""
    while True:
        many = os.urandom(NONCE * NONCES)
        for at in range(0, len(many), NONCE):
            yield many[at : at + NONCE]


def sealer() -> Callable[[str], bytes]:
    """Return what seals many texts under the key that is current now, as `seal` does one."""
    if settings.DATA_CIPHER != "AES-GCM":
        return seal
    name, key = keys.current()
    head, encrypt, nonces = MARKS["AES-GCM"] + name.encode() + b":", _aes(key).encrypt, _nonces()

    def sealed(text: str) -> bytes:
        if not text:
            return b""
        nonce = next(nonces)
        body = encrypt(nonce, text.encode(), None)
        return head + nonce + body[-TAG:] + body[:-TAG]

    return sealed


def unseal(blob: bytes) -> str:
    """Return the text of a sealed value; raises Tampered or KeyProblem."""
    return unseal_bytes(blob).decode()


def unseal_bytes(blob: bytes) -> bytes:
    """Return the bytes of a sealed value; raises Tampered or KeyProblem."""
    if not blob:
        return b""
    mark, rest = blob[:1], blob[1:]
    name, _, payload = rest.partition(b":")
    if mark not in MARKS.values() or len(payload) < NONCE + TAG:
        raise Tampered("not a sealed value")
    nonce, tag, body = payload[:NONCE], payload[NONCE : NONCE + TAG], payload[NONCE + TAG :]
    key = keys.named(name.decode())
    try:
        if mark == b"A":
            return _aes(key).decrypt(nonce, body + tag, None)
        worker = _cipher(mark, key, modes.GCM(nonce, tag)).decryptor()
        return worker.update(body) + worker.finalize()
    except InvalidTag as error:
        raise Tampered("a sealed value was changed") from error
