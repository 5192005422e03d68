from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.secrets.masks import mask_address, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [("", ""), ("张", "*"), ("张三", "张*"), ("张三丰", "张*丰"), ("欧阳娜娜", "欧**娜")],
)
def test_a_name_keeps_its_ends(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("05361234567", "*******4567"), ("110", "***"), ("", "")],
)
def test_a_phone_hides_its_middle(phone, shown):
    assert mask_phone(phone) == shown


def test_an_identity_number_hides_the_birth_date():
    assert mask_id_number("37070519490101123X") == "370705********123X"
    assert "19490101" not in mask_id_number("37070519490101123X")
    assert mask_id_number("12") == "**"


def test_an_address_ends_at_the_community():
    assert mask_address("一社区3号楼2单元501", "一社区") == "一社区****"
    assert mask_address("", "一社区") == ""


@given(st.text(max_size=30))
def test_masks_never_show_all_of_a_text(text):
    stripped = "".join(text.split())
    for mask in (mask_phone, mask_id_number):
        assert mask(text) != stripped or set(stripped) <= {"*"}
