"""The form with which a community fills in its part, made from the columns it must type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.masks import mask_id_number, mask_phone

from ..people.identity import normalise_id_number
from .models import Column, Kind

MISSING = {"required": _("这一栏还没有填。")}
MOST = 10**12


class PhoneField(forms.CharField):
    """A mobile or fixed phone number."""

    def clean(self, value: Any) -> str:
        """Return the number in its one form."""
        text: str = super().clean(value)
        if not text:
            return ""
        plain = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
        if not (plain.isascii() and plain.isdigit() and 7 <= len(plain) <= 12):
            raise forms.ValidationError(_("请写手机号，或带区号的固定电话。"))
        return plain


class IdentityField(forms.CharField):
    """An identity number of 18 characters, checked."""

    def clean(self, value: Any) -> str:
        """Return the number in its one form."""
        text: str = super().clean(value)
        return normalise_id_number(text, today=timezone.localdate()) if text else ""


def _optional(title: str) -> str:
    return gettext("%(title)s（选填）") % {"title": title}


def field_for(column: Column, required: bool, grids: Iterable[tuple[str, str]]) -> forms.Field:
    """Return the input for one column."""
    base: dict[str, Any] = {
        "label": column.title if column.required else _optional(column.title),
        "required": required, "help_text": column.help,
        "error_messages": MISSING,
    }  # fmt: skip
    make = _MAKERS.get(column.kind)
    if make is not None:
        return make(**base)
    options = _options(column, grids)
    if options is not None:
        return forms.ChoiceField(choices=[("", _("请选择")), *options], **base)
    return forms.CharField(max_length=200, **base)


_MAKERS: dict[str, Callable[..., forms.Field]] = {
    Kind.INTEGER: partial(forms.IntegerField, min_value=0, max_value=MOST),
    Kind.DECIMAL: partial(
        forms.DecimalField, min_value=0, max_value=MOST, max_digits=16, decimal_places=2
    ),
    Kind.DATE: lambda **base: forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}), **base
    ),
    Kind.IDENTITY: partial(IdentityField, max_length=24),
    Kind.PHONE: partial(PhoneField, max_length=24),
    Kind.LONG: lambda **base: forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **base
    ),
}


def _options(column: Column, grids: Iterable[tuple[str, str]]) -> list[tuple[Any, Any]] | None:
    if column.kind == Kind.CHOICE:
        return [(choice, choice) for choice in column.choices]
    if column.kind == Kind.YES_NO:
        return [("1", _("是")), ("0", _("否"))]
    return list(grids) if column.kind == Kind.AREA else None


def as_text(value: Any) -> str:
    """Return a cleaned value as a cell keeps it; blank where there is none."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def masked(column: Column, value: str) -> str:
    """Return a known cell's value as it may be shown: of numbers, the middle is hidden."""
    if column.kind == Kind.PHONE:
        return mask_phone(value)
    return mask_id_number(value) if column.kind == Kind.IDENTITY else shown(column, value)


def shown(column: Column, value: str, grids: Iterable[tuple[str, str]] = ()) -> str:
    """Return a cell's value as people read it."""
    options = _options(column, grids)
    return str(dict(options).get(value, value)) if options is not None else value


class FillForm(forms.Form):
    """The cells to type. Not `strict`, required cells may still be blank: it is kept for later."""

    def __init__(
        self, *args: Any, columns: Iterable[Column], grids: Any = (), strict: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for column in columns:
            needed = column.required and strict
            self.fields[column.field] = field_for(column, needed, list(grids))

    def values(self) -> dict[int, str]:
        """Return the good values by column, blanks too; call it after `is_valid`."""
        return {
            int(name.removeprefix("c-")): as_text(value)
            for name, value in self.cleaned_data.items()
        }
