"""Mobile numbers as people type them."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOBILE = re.compile(r"1\d{10}")


def normalise_phone(raw: str) -> str:
    """Return the 11 digits of a mainland mobile number; raises ValidationError.

    Accepts +86 or 86 in front, spaces, dashes and full-width digits.
    """
    text = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", raw))
    text = re.sub(r"^(\+?86)(?=1\d{10}$)", "", text)
    if not text.isascii() or not MOBILE.fullmatch(text):
        raise ValidationError(_("手机号是以1开头的11位数字，请检查。"))
    return text
