"""A HEAD request is answered like a GET without its body, as watchmen of web sites send it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/help/", "/healthz"])
def test_head_is_answered(client, path):
    answer = client.head(path)
    assert answer.status_code == 200
    assert answer.content == b""
