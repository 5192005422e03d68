"""Check digits of identity numbers (GB 11643) and of organisations' codes (GB 32100)."""

from __future__ import annotations

import unicodedata
from datetime import date
from operator import mul

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
ID_ZEROS = ord("0") * sum(ID_WEIGHTS)  # what the digits' codes weigh above the digits
ORG_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
ORG_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))


def id_check(body: str) -> str:
    """Return the eighteenth character for seventeen digits (ISO 7064, mod 11-2)."""
    return ID_CHECKS[(sum(map(mul, ID_WEIGHTS, body.encode("ascii"))) - ID_ZEROS) % 11]


def org_check(body: str) -> str:
    """Return the eighteenth character for seventeen of an organisation's code (mod 31)."""
    total = sum(w * ORG_ALPHABET.index(c) for w, c in zip(ORG_WEIGHTS, body, strict=True))
    return ORG_ALPHABET[(31 - total % 31) % 31]


def normalise_id_number(raw: str, *, today: date) -> str:
    """Return the 18 characters of an identity number; raises ValidationError that says what is off.

    A 15-digit number of the first generation is lengthened. The place part need not be in force.
    """
    text = raw
    if len(raw) != 18 or not raw.isascii() or not raw.isalnum() or raw[17] == "x":
        text = "".join(unicodedata.normalize("NFKC", raw).split()).upper()
    if len(text) == 15 and text.isascii() and text.isdigit():
        body = f"{text[:6]}19{text[6:]}"
        text = body + id_check(body)
    body = text[:17]
    if len(text) != 18 or not text.isascii() or not body.isdigit():
        raise ValidationError(_("身份证号是18位，前17位是数字。"))
    try:
        born = birth_date(text)
    except ValueError:
        raise ValidationError(_("身份证号中的出生日期不存在，请检查第7至14位。")) from None
    if born > today or born.year < 1880:
        raise ValidationError(_("身份证号中的出生日期不合理，请检查第7至14位。"))
    if text[17] != id_check(body):
        raise ValidationError(_("身份证号的校验位不对，请逐位核对。"))
    return text


def birth_date(number: str) -> date:
    """Return the birth date in an 18-character number; raises ValueError where there is none."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_male(number: str) -> bool:
    """Tell the sex recorded in an 18-character number: an odd seventeenth digit is male."""
    return int(number[16]) % 2 == 1


def normalise_org_code(raw: str) -> str:
    """Return the 18 characters of an organisation's unified code; raises ValidationError."""
    text = "".join(unicodedata.normalize("NFKC", raw).split()).upper()
    if len(text) != 18 or any(c not in ORG_ALPHABET for c in text):
        raise ValidationError(_("统一社会信用代码是18位，不含字母I、O、S、V、Z。"))
    if text[17] != org_check(text[:17]):
        raise ValidationError(_("统一社会信用代码的校验位不对，请逐位核对。"))
    return text


def looks_like_number(text: str) -> str:
    """Say whether somebody typed a "phone" or an identity number ("id"), or neither ("")."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(plain) == 11 and plain.isascii() and plain.isdigit() and plain[0] == "1":
        return "phone"
    body, last = plain[:-1], plain[-1:]
    if len(plain) == 18 and body.isascii() and body.isdigit() and (last.isdigit() or last == "X"):
        return "id"
    return "id" if len(plain) == 15 and plain.isascii() and plain.isdigit() else ""
