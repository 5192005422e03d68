"""Encryption at rest, key rotation, tampering, the blind index."""

from __future__ import annotations

import pytest
from django.db import connection

from factories import make_resident
from linli.base.accounts.models import Account
from linli.kernel.secrets import keys
from linli.kernel.secrets.cipher import Tampered, seal, unseal
from linli.kernel.secrets.index import blind_index


@pytest.fixture(autouse=True)
def fresh_keys():
    keys.forget()
    yield
    keys.forget()


@pytest.mark.parametrize("cipher", ["AES-GCM", "SM4-GCM"])
def test_there_and_back(settings, cipher):
    settings.DATA_CIPHER = cipher
    sealed = seal("张三丰 19000001234")
    assert unseal(sealed) == "张三丰 19000001234"
    assert sealed != seal("张三丰 19000001234")
    assert b"19000001234" not in sealed
    assert (seal(""), unseal(b"")) == (b"", "")


def test_every_changed_byte_is_noticed():
    sealed = bytearray(seal("秘密"))
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises((Tampered, keys.KeyProblem, UnicodeDecodeError)):
            unseal(bytes(changed))


def test_old_keys_still_open_after_rotation(settings):
    old = seal("旧")
    settings.DATA_KEYS = ["new:" + "ab" * 32, *settings.DATA_KEYS]
    keys.forget()
    new = seal("新")
    assert (unseal(old), unseal(new)) == ("旧", "新")
    assert new.startswith(b"Anew:")
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    keys.forget()
    with pytest.raises(keys.KeyProblem, match="not in the ring"):
        unseal(old)


@pytest.mark.parametrize("lines", [[], ["x:zz"], ["x:abcd"], ["bad name:" + "ab" * 16]])
def test_bad_key_rings_are_refused(settings, lines):
    settings.DATA_KEYS = lines
    with pytest.raises(keys.KeyProblem):
        keys.ring()


@pytest.mark.django_db
def test_the_database_never_sees_the_text():
    account = make_resident(phone="19000004321")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone, phone_index FROM accounts_account WHERE id = %s", [account.pk]
        )
        sealed, index = cursor.fetchone()
    assert b"19000004321" not in bytes(sealed)
    assert "19000004321" not in index
    assert Account.objects.get(phone_index=blind_index(" 190 0000 4321 ")).phone == "19000004321"
    with pytest.raises(Exception, match="Unsupported lookup"):
        Account.objects.filter(phone="19000004321").exists()
