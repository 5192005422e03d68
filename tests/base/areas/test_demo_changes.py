"""The demonstration shows changes of areas, of each kind."""

from __future__ import annotations

import pytest

from factories import MONDAY, make_area
from linli.base.areas.demo_changes import load_demo
from linli.base.areas.models import Area, Succession

pytestmark = pytest.mark.django_db


def test_a_village_a_code_and_a_name_change():
    for code, name in (
        ("370705009215", "大台村村委会"), ("370705009216", "莱章村村委会"),
        ("370705006203", "三娘庙村委会"),
    ):  # fmt: skip
        make_area(code, name)
        make_area(f"{code}001")
    assert load_demo(MONDAY) == {"changes": 3}
    kinds = Succession.objects.values_list("kind", flat=True).distinct().order_by("kind")
    assert list(kinds) == ["recode", "rename", "urban"]
    urban = Area.objects.get(code="370705009101", valid_to=None)
    assert urban.name == "大台社区居委会"
    assert urban.children.get().code == "370705009101001"
