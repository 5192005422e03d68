"""Numbers as people and workbooks write them: properties that hold for every one."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from linli.base.people.forms import landline_or_mobile
from linli.base.people.identity import (
    ID_CHECKS,
    ORG_ALPHABET,
    birth_date,
    id_check,
    is_male,
    normalise_id_number,
    normalise_org_code,
    org_check,
)
from linli.base.people.ledgers import cleaning
from linli.kernel.secrets.phones import normalise_phone

TODAY = date(2026, 3, 16)
DIGITS = st.text("0123456789", min_size=9, max_size=9)


def wide(text: str) -> str:
    """Return digits and letters in full width, as some keyboards type them."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@st.composite
def id_numbers(draw):
    place = draw(st.integers(110000, 659999))
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    body = f"{place}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + id_check(body)


@st.composite
def org_codes(draw):
    body = draw(st.text(ORG_ALPHABET, min_size=17, max_size=17))
    return body + org_check(body)


mobiles = st.from_regex(r"1[0-9]{10}", fullmatch=True).filter(str.isascii)


def test_the_examples_of_the_standards():
    assert normalise_id_number("11010519491231002x", today=TODAY) == "11010519491231002X"
    assert normalise_org_code("91350100m000100y43") == "91350100M000100Y43"


@given(id_numbers())
def test_a_right_identity_number_survives_every_way_of_writing(number):
    blanks = f" {number[:6]} {number[6:14]}　{number[14:]} "
    for typed in (number, number.lower(), wide(number), blanks):
        assert normalise_id_number(typed, today=TODAY) == number
    assert birth_date(number).strftime("%Y%m%d") == number[6:14]
    assert is_male(number) == (number[16] in "13579")


@given(id_numbers(), st.integers(0, 17), st.sampled_from(ID_CHECKS))
def test_one_wrong_character_of_an_identity_number_is_always_found(number, place, char):
    assume(number[place] != char)
    with pytest.raises(ValidationError):
        normalise_id_number(number[:place] + char + number[place + 1 :], today=TODAY)


@given(id_numbers(), st.integers(0, 15))
def test_two_neighbours_of_an_identity_number_swapped_are_always_found(number, place):
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(ValidationError):
        normalise_id_number(swapped, today=TODAY)


@given(id_numbers().filter(lambda number: number[6:8] == "19"))
def test_a_number_of_the_first_generation_is_lengthened_to_the_same_person(number):
    short = number[:6] + number[8:17]
    assert normalise_id_number(short, today=TODAY) == number


@given(org_codes())
def test_a_right_code_survives_every_way_of_writing(code):
    for typed in (code, code.lower(), wide(code), f" {code[:8]} {code[8:]}　"):
        assert normalise_org_code(typed) == code


@given(org_codes(), st.integers(0, 17), st.sampled_from(ORG_ALPHABET + "IOSVZ"))
def test_one_wrong_character_of_a_code_is_always_found(code, place, char):
    assume(code[place] != char)
    with pytest.raises(ValidationError):
        normalise_org_code(code[:place] + char + code[place + 1 :])


@given(st.text(max_size=30))
def test_whatever_is_typed_is_taken_or_refused_and_never_breaks(typed):
    for parse in (
        lambda text: normalise_id_number(text, today=TODAY),
        normalise_org_code,
        normalise_phone,
        landline_or_mobile,
    ):
        try:
            found = parse(typed)
        except ValidationError:
            continue
        assert found.isascii()
        assert parse(found) == found


@given(mobiles)
def test_a_mobile_number_survives_every_way_of_writing(phone):
    dashed = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    for typed in (phone, f"+86{phone}", f"86 {phone}", f"+86 {dashed}", wide(phone), dashed):
        assert normalise_phone(typed) == phone
        assert (
            landline_or_mobile(typed.replace("86 ", "+86 ", 1) if typed[0] == "8" else typed)
            == phone
        )


@given(mobiles)
def test_a_mobile_number_that_a_workbook_made_a_float_is_the_same(phone):
    for cell in (float(phone), int(phone), phone, f"{phone}.0"):
        assert cleaning.phone(cell) == phone


@given(st.integers(10, 999), st.integers(2_000_000, 89_999_999), st.booleans())
def test_a_fixed_number_keeps_its_digits(area, number, plus):
    typed = f"0{area}-{number}"
    for raw in (typed, wide(typed), f"+86-{typed}" if plus else typed, typed.replace("-", "—")):
        found = landline_or_mobile(raw)
        assert found == typed
        assert unicodedata.is_normalized("NFKC", found)
