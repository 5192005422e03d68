"""What is asked for when a layout is wanted, or one is decided on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from shapely.geometry import shape

from ..models import Area
from .dwellings import Dwelling, read_dwellings
from .rules import HIGH, LOW, Wish

SHOWN = 5
WHOLE = {"invalid": _("请填写整数。"), "min_value": _("至少为1。"), "required": _("请填写户数。")}


class CommunityField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of communities by the names people say."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what stands in the list."""
        return str(obj.short_name)


class AskForm(forms.Form):
    """The community, the bounds, and perhaps a file of dwellings."""

    community = CommunityField(
        label=_("社区"),
        queryset=Area.objects.none(),
        to_field_name="code",
        empty_label=_("请选择社区"),
        error_messages={
            "required": _("请选择社区。"),
            "invalid_choice": _("请选择您辖区内已有边界的社区。"),
        },
    )
    low = forms.IntegerField(
        label=_("每格最少户数"), min_value=1, max_value=5000, initial=LOW, error_messages=WHOLE
    )
    high = forms.IntegerField(
        label=_("每格最多户数"), min_value=1, max_value=5000, initial=HIGH, error_messages=WHOLE
    )
    count = forms.IntegerField(
        label=_("网格数"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("不填则由户数推算，尽量保持现有数量。专属网格不计在内，也不改动。"),
        error_messages=WHOLE,
    )
    keep_borders = forms.BooleanField(label=_("尽量沿用现有界线"), required=False, initial=True)
    file = forms.FileField(
        label=_("楼栋户数表（CSV，可不选）"),
        required=False,
        help_text=_("列为 lon,lat,households,label；不选则用登记的楼组。"),
    )
    crs = forms.ChoiceField(
        label=_("表内坐标系"),
        choices=[("wgs84", "WGS 84"), ("gcj02", "GCJ-02")],
        initial="wgs84",
        required=False,
    )

    def __init__(self, *args: Any, communities: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["community"]
        field.queryset = communities.order_by("code")

    def clean(self) -> dict[str, Any]:
        """Check the bounds against each other and read the file."""
        data: dict[str, Any] = super().clean() or {}
        low, high = data.get("low"), data.get("high")
        if low and high and low > high:
            self.add_error("high", gettext("最多户数不能小于最少户数。"))
        self.uploaded = self._read(data.get("file"), data.get("community"), data.get("crs"))
        return data

    def _read(self, file: Any, community: Area | None, crs: Any) -> list[Dwelling] | None:
        if not file or community is None:
            return None
        read = read_dwellings(file.read(), shape(community.boundary or {}), crs or "wgs84")
        for row in read.bad[:SHOWN]:
            words = {"line": row.line, "value": row.value, "reason": row.reason}
            self.add_error("file", gettext("第%(line)d行（%(value)s）：%(reason)s") % words)
        if len(read.bad) > SHOWN:
            self.add_error("file", gettext("共%(n)d行有误。") % {"n": len(read.bad)})
        return read.rows

    def wish(self) -> Wish:
        """Return what was asked; the form must be valid."""
        data = self.cleaned_data
        return Wish(data["low"], data["high"], data["count"], data["keep_borders"])


class RejectForm(forms.Form):
    """Why a proposal is not taken."""

    reason = forms.CharField(
        label=_("不采用的原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("请写明不采用的原因。"),
            "max_length": _("最多写200个字，请删短一些。"),
        },
    )
