"""Form fields that find an area by what people type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t

from .models import Area
from .queries import find


def the_one(found: list[Any], typed: str, nothing: str, several: str) -> Any:
    """Return the row meant; raises ValidationError that lists the others where it is not clear."""
    exact = [row for row in found if typed in {row.code, row.name}]
    rows = exact if len(exact) == 1 else found
    if not rows:
        raise ValidationError(nothing)
    if len(rows) > 1:
        one = _t("%(name)s（%(code)s）")
        names = _t("、").join(one % {"name": row.name, "code": row.code} for row in rows[:5])
        raise ValidationError(f"{several}{names}")
    return rows[0]


class AreaField(forms.CharField):
    """An area by code, name or pinyin initials; several are listed for the person to choose."""

    def clean(self, value: Any) -> Area | None:
        """Return the area, or None where the field may be blank."""
        typed = super().clean(value)
        if not typed:
            return None
        found = find(typed, limit=6)
        area: Area = the_one(found, typed, _t("没有找到这个区域。"), _t("找到多个区域，请填编码："))
        return area
