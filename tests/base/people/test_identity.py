from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from linli.base.people.identity import (
    ORG_ALPHABET,
    birth_date,
    id_check,
    is_male,
    normalise_id_number,
    normalise_org_code,
    org_check,
)

TODAY = date(2026, 3, 16)
bodies = st.builds(
    lambda place, born, tail: f"{place:06d}{born:%Y%m%d}{tail:03d}",
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


def test_the_published_vectors_are_right():
    assert normalise_id_number("11010519491231002x", today=TODAY) == "11010519491231002X"
    assert normalise_org_code("91350100m000100y43") == "91350100M000100Y43"
    assert birth_date("11010519491231002X") == date(1949, 12, 31)
    assert not is_male("11010519491231002X")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("1101051949123100", "18位"),
        ("110105194912310021", "校验位"),
        ("11010519491331002X", "出生日期不存在"),
        ("110105204912310028", "出生日期不合理"),
        ("11010519491231O02X", "18位"),
    ],
)
def test_a_bad_number_is_told_what_is_wrong(raw, words):
    with pytest.raises(ValidationError, match=words):
        normalise_id_number(raw, today=TODAY)


def test_an_old_number_of_15_digits_is_lengthened():
    assert normalise_id_number("110105491231002", today=TODAY) == "11010519491231002X"


@given(bodies)
def test_a_right_check_digit_passes_and_any_other_fails(body):
    right = id_check(body)
    assert normalise_id_number(body + right, today=TODAY) == body + right
    for other in set("0123456789X") - {right}:
        with pytest.raises(ValidationError):
            normalise_id_number(body + other, today=TODAY)


@given(bodies, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(body, place, by):
    number = body + id_check(body)
    changed = str((int(number[place]) + by) % 10)
    with pytest.raises(ValidationError):
        normalise_id_number(number[:place] + changed + number[place + 1 :], today=TODAY)


@given(st.text(alphabet=ORG_ALPHABET, min_size=17, max_size=17))
def test_codes_of_organisations(body):
    code = body + org_check(body)
    assert normalise_org_code(f" {code.lower()} ") == code
    wrong = ORG_ALPHABET[(ORG_ALPHABET.index(code[17]) + 1) % 31]
    with pytest.raises(ValidationError, match="校验位"):
        normalise_org_code(body + wrong)


@pytest.mark.parametrize("raw", ["", "91350100I000100Y43", "913501000001"])
def test_a_code_with_foreign_letters_or_wrong_length_is_refused(raw):
    with pytest.raises(ValidationError, match="18位"):
        normalise_org_code(raw)
