"""Every page tells the browser what it may load, and who may frame it: nobody."""

from __future__ import annotations

import pytest

from linli.site.content_policy import content_policy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/login/", "/staff/login/", "/track/", "/no-such-page/"])
def test_pages_are_sent_with_their_guards(client, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_script_stands_in_the_pages_themselves(client):
    for path in ("/", "/login/", "/staff/login/", "/report/", "/ui/components/"):
        page = client.get(path).content.decode()
        assert " onclick=" not in page
        assert "javascript:" not in page
        for tag in page.split("<script")[1:]:
            head = tag.split(">", 1)[0]
            assert "src=" in head or "application/json" in head


def test_tiles_come_from_the_host_that_is_named():
    images = content_policy("https://{s}.tiles.example/{z}/{x}/{y}.png")["DIRECTIVES"]["img-src"]
    assert "https://*.tiles.example" in images
    assert not any("http" in source for source in content_policy()["DIRECTIVES"]["img-src"])
