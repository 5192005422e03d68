"""The page of components draws every part on every face, and stays away from real sites."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("face", ["desk", "public", "field", "kiosk"])
def test_every_part_is_drawn_on_every_face(client, face):
    page = client.get(reverse("ui:components"), {"face": face}).content.decode()
    assert f"face-{face}" in page
    for part in (
        "timeline",
        "linli-chart",
        "data-map",
        "linli-steps",
        "<progress",
        "没有等您办理的工单",
    ):
        assert part in page
    assert "看数据表" in page


def test_an_unknown_face_falls_back_to_the_desk(client):
    assert "face-desk" in client.get(reverse("ui:components"), {"face": "../x"}).content.decode()


def test_a_real_site_has_no_such_page(client, settings):
    settings.TESTING = settings.DEMO = settings.DEBUG = False
    assert client.get(reverse("ui:components")).status_code == 404
