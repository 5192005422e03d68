"""The log follows the time of each message, in whatever order they were written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import MONDAY, make_district, make_staff
from linli.base.messages.models import Message

pytestmark = pytest.mark.django_db


def test_the_newest_stands_first(client):
    world = make_district()
    for number, days in enumerate((2, 0, 1)):
        Message.objects.create(
            key=f"m{number}", channel="sms", template="accounts.code", body=f"第{days}天",
            state="sent", phone="19000000001", created_at=MONDAY - timedelta(days=days),
        )  # fmt: skip
    client.force_login(make_staff("system_admin", world.district))
    text = client.get(reverse("messages:log")).content.decode()
    places = [text.index(f"{MONDAY - timedelta(days=days):%m-%d}") for days in (0, 1, 2)]
    assert places == sorted(places)
