"""What is typed to change an area: one form for each kind of change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import shape

from ..actions.succession import free_code, own_names
from ..models import Area, Level

MOST_PARTS = 4


class ChangeForm(forms.Form):
    """The reason, common to all; `area` is the one to change."""

    note = forms.CharField(
        label=gettext_lazy("依据和原因"), max_length=200,
        help_text=gettext_lazy("写明批准文件或理由，随变更记录长期保存。"),
        error_messages={"required": gettext_lazy("请写明依据和原因。")},
    )  # fmt: skip

    def __init__(self, area: Area, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.area = area
        self.order_fields([name for name in self.fields if name != "note"])


def _name(label: Any, *, required: bool = True) -> forms.CharField:
    missing = {"required": gettext_lazy("请填写新名称。")}
    return forms.CharField(label=label, max_length=80, required=required, error_messages=missing)


def _code(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("新编码"), max_length=18, required=required,
        help_text="" if required else gettext_lazy("留空则自动取下一个可用编码。"),
        error_messages={"required": gettext_lazy("请填写新编码。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class RenameForm(ChangeForm):
    """Another name for the same area."""

    name = _name(gettext_lazy("新名称"))


class RecodeForm(ChangeForm):
    """Another code; all areas below follow."""

    code = _code()


class UrbanForm(ChangeForm):
    """A village becomes an urban community."""

    name = _name(gettext_lazy("城市社区名称"))
    code = _code()


class MergeForm(ChangeForm):
    """Which neighbours are merged in, and what the whole is called."""

    others = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=gettext_lazy("并入的相邻区域"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选一个相邻区域。")},
    )  # fmt: skip
    name = _name(gettext_lazy("合并后的名称"))
    code = _code(required=False)

    def __init__(self, area: Area, *args: Any, **more: Any) -> None:
        super().__init__(area, *args, **more)
        field: Any = self.fields["others"]
        field.queryset = Area.objects.filter(pk__in=_neighbours(area)).defer("boundary")
        field.label_from_instance = lambda one: f"{one.name}（{one.code}）"
        self.fields["name"].initial = area.name
        if area.level == Level.GRID:
            del self.fields["code"]


def _neighbours(area: Area) -> list[int]:
    """Return the areas beside this one below the same parent; all of them where none is drawn."""
    beside = Area.objects.filter(parent=area.parent_id, valid_to=None).exclude(pk=area.pk)
    whole = Area.objects.get(pk=area.pk).boundary
    if not whole:
        return [one.pk for one in beside.only("pk")]
    ground = shape(whole).buffer(1e-7)
    rows = beside.exclude(boundary=None).values_list("pk", "boundary")
    return [pk for pk, drawn in rows if drawn and ground.intersects(shape(drawn))]


class SplitForm(ChangeForm):
    """The parts of a community, and to which part each of its grids goes."""

    def __init__(self, area: Area, *args: Any, **more: Any) -> None:
        super().__init__(area, *args, **more)
        self.grids = list(area.children.filter(valid_to=None).defer("boundary").order_by("code"))
        for n in range(1, MOST_PARTS + 1):
            self.fields[f"name{n}"] = _name(
                _("第%(n)d部分名称") % {"n": n},
                required=n <= 2,
            )
            self.fields[f"code{n}"] = _code(required=False)
            self.fields[f"code{n}"].label = _("第%(n)d部分编码") % {"n": n}
        choices = [(str(n), _("第%(n)d部分") % {"n": n}) for n in range(1, MOST_PARTS + 1)]
        for grid in self.grids:
            self.fields[f"grid{grid.pk}"] = forms.ChoiceField(
                label=grid.name, choices=[("", _("请选择")), *choices],
                error_messages={"required": _("这个网格还没有分到哪一部分。")},
            )  # fmt: skip
        self.order_fields([name for name in self.fields if name != "note"])

    def rows(self) -> list[tuple[Area, Any]]:
        """Return the grids with their fields."""
        return [(grid, self[f"grid{grid.pk}"]) for grid in self.grids]

    def heads(self) -> list[tuple[int, Any, Any]]:
        """Return the parts with the fields of their names and codes."""
        return [(n, self[f"name{n}"], self[f"code{n}"]) for n in range(1, MOST_PARTS + 1)]

    def parts(self) -> list[tuple[str, str, list[Area]]]:
        """Return (name, code, grids) of each part."""
        data = self.cleaned_data
        found = []
        for n in range(1, MOST_PARTS + 1):
            grids = [grid for grid in self.grids if data.get(f"grid{grid.pk}") == str(n)]
            if grids:
                found.append((data[f"name{n}"].strip(), data[f"code{n}"].strip(), grids))
        return found

    def clean(self) -> dict[str, Any]:
        """Say at its field what is wrong with a part: no name, no grid, a name or code taken."""
        data: dict[str, Any] = super().clean() or {}
        parent: Any = self.area.parent
        beside = dict(parent.children.filter(valid_to=None).values_list("pk", "name"))
        beside.pop(self.area.pk, None)
        codes: set[str] = set()
        for n in range(1, MOST_PARTS + 1):
            name, code = data.get(f"name{n}", "").strip(), data.get(f"code{n}", "").strip()
            chosen = any(data.get(f"grid{grid.pk}") == str(n) for grid in self.grids)
            if name and not chosen:
                self.add_error(f"name{n}", _("还没有网格分到这一部分。"))
            if chosen and not name and f"name{n}" not in self.errors:
                self.add_error(f"name{n}", _("请填写新名称。"))
            self._try(f"name{n}", lambda name=name: own_names([name] if name else [], beside))
            if code:
                self._try(f"code{n}", lambda: free_code(parent, code, "name", name))  # noqa: B023
                if code in codes:
                    self.add_error(f"code{n}", _("这个编码填了两次。"))
                codes.add(code)
            if name:
                beside[-n] = name
        return data

    def _try(self, field: str, check: Any) -> None:
        try:
            check()
        except ValidationError as error:
            self.add_error(field, error.messages)
