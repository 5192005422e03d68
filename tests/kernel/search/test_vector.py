"""Search finds pieces of words however they are cut, and names by their initials."""

from __future__ import annotations

import pytest

from factories import make_case, make_district
from linli.kernel.search import search_query, to_tsvector, words_of
from linli.work.cases.models import Case


@pytest.mark.parametrize(
    ("named", "initials"),
    [("张三", "zs"), ("路灯不亮", "ld"), ("幸福小区", "xfxq"), ("Wi-Fi", None)],
)
def test_initials_are_stored_for_the_named_part(named, initials):
    words = words_of("", named=named).split()
    assert initials is None or initials in words


def test_a_long_text_is_not_found_by_initials():
    assert "ld" not in words_of("路灯不亮").split()


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["路灯", "灯不", "LD", "ld", "wifi", "3号", "东门路灯"])
def test_a_case_is_found(asked):
    make_case(make_district())
    Case.objects.update(search=to_tsvector("这里的wifi坏了", named="东门路灯不亮 3号楼"))
    assert Case.objects.filter(search=search_query(asked)).exists()
    assert not Case.objects.filter(search=search_query(asked + "电梯")).exists()
