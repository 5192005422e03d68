"""What is sent from the map editor: the tool, the grids chosen, and the points clicked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from shapely import LineString, Polygon

from .models import Area, GridKind

MOST_POINTS = 500
TOOLS = {
    "split": _("画线拆分"),
    "merge": _("合并网格"),
    "border": _("移动边界"),
    "draw": _("新画网格"),
}
LEAST = {"split": 2, "draw": 3, "border": 2, "merge": 0}


class EditForm(forms.Form):
    """One edit. `points` holds a point in each line, "longitude, latitude" in WGS 84."""

    tool = forms.ChoiceField(choices=list(TOOLS.items()), label=_("工具"))
    grids = forms.ModelMultipleChoiceField(Area.objects.none(), required=False, label=_("网格"))
    points = forms.CharField(
        required=False, label=_("点的经纬度"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一个点：经度, 纬度（WGS 84）。移动边界时，两行一对：从哪里，到哪里。"),
    )  # fmt: skip
    name = forms.CharField(required=False, max_length=80, label=_("新网格名称"))
    grid_kind = forms.ChoiceField(choices=GridKind.choices, required=False, label=_("网格类型"))
    note = forms.CharField(required=False, max_length=200, label=_("依据或说明"))
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, community: Area, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["grids"]
        field.queryset = community.children.filter(valid_to=None).defer("boundary").order_by("code")

    def clean_points(self) -> list[tuple[float, float]]:
        """Return the points; a line that is none is named by its number."""
        points = []
        lines = self.cleaned_data["points"].replace("，", ",").splitlines()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                lon, lat = (float(part) for part in line.split(","))
            except ValueError:
                lon = lat = float("nan")
            if not (73 <= lon <= 136 and 3 <= lat <= 54):
                raise ValidationError(_("第%(n)d行不是经度和纬度。"), params={"n": number})
            points.append((lon, lat))
        if len(points) > MOST_POINTS:
            raise ValidationError(_("点太多，最多500个。"))
        return points

    def clean(self) -> dict[str, Any]:
        """Check that the tool has the points and grids it needs."""
        data = super().clean() or {}
        tool, points = data.get("tool", ""), data.get("points")
        if points is None:
            return data
        if len(points) < LEAST.get(tool, 0):
            self.add_error("points", _("请先在地图上点出位置。"))
        elif tool == "border" and len(points) % 2:
            self.add_error("points", _("移动边界时点要成对：先点界址点，再点新位置。"))
        if tool == "merge" and len(data.get("grids") or ()) < 2:
            self.add_error("grids", _("请至少选两个网格。"))
        return data

    @property
    def line(self) -> LineString:
        """Return the points as a line."""
        return LineString(self.cleaned_data["points"])

    @property
    def ring(self) -> Polygon:
        """Return the points as a ring."""
        return Polygon(self.cleaned_data["points"])

    @property
    def moves(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """Return the points as pairs from, to."""
        points = self.cleaned_data["points"]
        return list(zip(points[::2], points[1::2], strict=True))
