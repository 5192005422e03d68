"""What a grid worker writes down on patrol."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.work.cases.models import Category
from linli.work.cases.queries import category_groups


class PatrolForm(forms.Form):
    """An event seen on patrol; `settled` with a result closes it at once."""

    token = forms.CharField(max_length=40, widget=forms.HiddenInput)
    category = forms.ChoiceField(label=_("类别"), error_messages={"required": _("请选择类别。")})
    text = forms.CharField(
        label=_("情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明情况。")},
    )
    address = forms.CharField(label=_("具体位置"), max_length=160, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    settled = forms.BooleanField(label=_("已当场处理好"), required=False)
    result = forms.CharField(
        label=_("处理结果"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("请选择")), *category_groups()]  # type: ignore[attr-defined]

    def clean_category(self) -> Category:
        """Return the category."""
        return Category.objects.select_related("parent").get(code=self.cleaned_data["category"])

    def clean(self) -> dict[str, Any]:
        """Ask for the result of what was put right."""
        data = super().clean() or {}
        if data.get("settled") and not (data.get("result") or "").strip():
            self.add_error("result", _("当场处理好的，请写明怎样处理的。"))
        return data
