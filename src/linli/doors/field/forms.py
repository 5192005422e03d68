"""What a grid worker writes down on patrol."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.work.cases.models import Category
from linli.work.cases.queries import category_groups

from .places import own_places

ACCURATE = 5000  # metres; a point given more roughly than this says nothing
OLDEST = timedelta(days=14)
SOON = timedelta(minutes=5)


class PatrolForm(forms.Form):
    """An event seen on patrol; `settled` with a result closes it at once.

    `seen_at` and `accuracy` are what the phone says of moment and point. `spoken` tells that a
    voice note comes along: then nothing need be written.
    """

    token = forms.CharField(max_length=40, widget=forms.HiddenInput)
    category = forms.ChoiceField(label=_("类别"), error_messages={"required": _("请选择类别。")})
    text = forms.CharField(
        label=_("情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    place = forms.ChoiceField(
        label=_("网格或楼栋"), required=False, help_text=_("没有定位时从这里选。")
    )
    address = forms.CharField(label=_("具体位置"), max_length=160, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy = forms.FloatField(
        required=False, min_value=0, max_value=ACCURATE, widget=forms.HiddenInput
    )
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    settled = forms.BooleanField(label=_("已当场处理好"), required=False)
    result = forms.CharField(
        label=_("处理结果"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, spoken: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spoken = spoken
        self.places = {area.code: area for area in own_places(actor)}
        self.fields["category"].choices = [("", _("请选择")), *category_groups()]  # type: ignore[attr-defined]
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            *((code, area.full_name) for code, area in self.places.items()),
        ]

    def clean_category(self) -> Category:
        """Return the category."""
        return Category.objects.select_related("parent").get(code=self.cleaned_data["category"])

    def clean_place(self) -> Area | None:
        """Return the grid or building that was chosen."""
        return self.places.get(self.cleaned_data["place"])

    def clean_text(self) -> str:
        """Ask for words where none were spoken."""
        text: str = self.cleaned_data["text"].strip()
        if not text and not self.spoken:
            raise forms.ValidationError(_("请写明情况，或录一段语音。"))
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for the result of what was put right."""
        data = super().clean() or {}
        if data.get("settled") and not (data.get("result") or "").strip():
            self.add_error("result", _("当场处理好的，请写明怎样处理的。"))
        return data

    def facts(self, now: datetime) -> dict[str, Any]:
        """Return what the ledger keeps of moment and point, where it is plausible."""
        found: dict[str, Any] = {}
        seen, accuracy = self.cleaned_data.get("seen_at"), self.cleaned_data.get("accuracy")
        if seen is not None and now - OLDEST < seen < now - SOON:
            found["seen_at"] = seen.isoformat()
        if accuracy is not None and self.cleaned_data.get("lon") is not None:
            found["accuracy"] = round(accuracy)
        return found
