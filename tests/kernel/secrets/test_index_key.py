"""The blind index is HMAC-SHA-256, whatever makes it fast."""

from __future__ import annotations

import hmac

import pytest

from linli.kernel.secrets.index import blind_index


@pytest.mark.parametrize("key", ["k", "钥" * 7, "k" * 64, "k" * 65, "长钥匙" * 40])
@pytest.mark.parametrize("value", ["19900000000", " 37070519900101123x ", "张 三"])
def test_it_is_an_hmac_of_the_normalised_value(settings, key, value):
    settings.BLIND_INDEX_KEY = key
    plain = "".join(value.split()).upper().encode()
    assert blind_index(value) == hmac.digest(key.encode(), plain, "sha256").hex()
