"""What sheets, columns and decisions ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..areas.models import Area
from .models import Kind, PartState, RowKind, SheetState
from .rosters.known import fields_of, get_field
from .rosters.rows import ONLY
from .sources import all_sources

MOST_CHOICES = 30


class SheetForm(forms.Form):
    """What a sheet is for, by what right, of whom and by when."""

    title = forms.CharField(
        label=_("表名"), max_length=80, error_messages={"required": _("请写表名。")}
    )
    area = forms.ChoiceField(
        label=_("要哪里填"), help_text=_("所选范围内每个社区各填一份。"),
        error_messages={"required": _("请选择范围。")},
    )  # fmt: skip
    rows = forms.ChoiceField(
        label=_("一行是什么"), choices=RowKind.choices, initial=RowKind.AREA, required=False,
        help_text=_("选“每个社区一行”就是每个社区只报一组数。"),
    )  # fmt: skip
    only = forms.ChoiceField(
        label=_("只列哪些居民"), choices=list(ONLY.items()), required=False,
        help_text=_("只用于每位居民一行的表；列得越少，下面越轻。"),
    )  # fmt: skip
    due = forms.DateField(
        label=_("截止日期"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("请写截止日期。")},
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("收表用途"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("收上来做什么用，不超过400字。"),
        error_messages={"required": _("请写明用途。")},
    )  # fmt: skip
    basis = forms.CharField(
        label=_("收表依据"), max_length=200, help_text=_("法律法规或文件的名称、文号和条款。"),
        error_messages={"required": _("请写明依据；没有依据的表不能下发。")},
    )  # fmt: skip

    def __init__(self, *args: Any, areas: list[Area], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas, self.today = {area.code: area for area in areas}, today
        choices = [("", _("请选择")), *((code, _indented(row)) for code, row in self.areas.items())]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]

    def clean_area(self) -> Area:
        """Return the area."""
        return self.areas[self.cleaned_data["area"]]

    def clean(self) -> dict[str, Any]:
        """Residents are picked out in sheets of residents alone."""
        data = super().clean() or {}
        data["rows"] = data.get("rows") or RowKind.AREA
        if data["rows"] != RowKind.PERSON:
            data["only"] = ""
        return data

    def clean_due(self) -> date:
        """Hold the day to one to come."""
        due: date = self.cleaned_data["due"]
        if due <= self.today:
            raise forms.ValidationError(_("截止日期应在今天之后。"))
        return due


def _indented(area: Area) -> str:
    return "　" * ((len(area.code) - 6) // 3) + area.short_name


class ColumnForm(forms.Form):
    """One column: taken from a source, or an own field of one kind."""

    order = forms.IntegerField(
        label=_("次序"), min_value=1, max_value=99,
        error_messages={"required": _("请写次序。")},
    )  # fmt: skip
    title = forms.CharField(
        label=_("栏目"), max_length=60, error_messages={"required": _("请写栏目名称。")}
    )
    source = forms.ChoiceField(
        label=_("从哪里取"), required=False, help_text=_("登记册里已有的直接取，不用社区再填。")
    )
    kind = forms.ChoiceField(
        label=_("填什么"), choices=Kind.choices, help_text=_("选了来源的按整数。"), required=False
    )
    choices = forms.CharField(
        label=_("选项，一行一个"), required=False, max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("只有单选要写。"),
    )  # fmt: skip
    help = forms.CharField(label=_("填写说明"), max_length=200, required=False)
    required = forms.BooleanField(label=_("必填"), required=False, initial=True)
    by_grid = forms.BooleanField(
        label=_("请网格员到现场看"), required=False,
        help_text=_("会出现在网格员手机上；社区也可以填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: str = RowKind.AREA, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        if rows == RowKind.AREA:
            del self.fields["by_grid"]
            known = [(source.key, source.title) for source in all_sources()]
        else:
            known = [(field.key, field.title) for field in fields_of(rows)]
            self.fields["kind"].help_text = _("选了来源的按登记册。")
            self.fields["source"].help_text = _("登记册里已有的直接取；没有的填一次，写回登记册。")
        choices = [("", _("社区填写")), *known]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]

    def clean_choices(self) -> list[str]:
        """Return the choices, one from each line."""
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        if len(lines) > MOST_CHOICES or any(len(line) > 40 for line in lines):
            raise forms.ValidationError(_("最多30个选项，每个不超过40字。"))
        if len(set(lines)) != len(lines):
            raise forms.ValidationError(_("有重复的选项。"))
        return lines

    def clean(self) -> dict[str, Any]:
        """Ask for the choices of a choice; a figure from a source is a whole number."""
        data = super().clean() or {}
        field = get_field(data.get("source") or "")
        if field is not None:
            return data | {"kind": field.kind, "choices": list(field.choices)}
        if data.get("source"):
            data |= {"kind": Kind.INTEGER, "choices": []}
        elif not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("请选择填什么。"))
        if data.get("kind") == Kind.CHOICE:
            if len(data.get("choices") or []) < 2 and "choices" not in self.errors:
                self.add_error("choices", _("至少写两个选项。"))
        else:
            data["choices"] = []
        return data


class RefuseForm(forms.Form):
    """Why a sheet is not admitted."""

    reason = forms.CharField(
        label=_("不准入的理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由，让发表人知道怎么改。")},
    )  # fmt: skip


class SendBackForm(forms.Form):
    """What a community must mend."""

    reason = forms.CharField(
        label=_("退回原因"), max_length=400, help_text=_("写清哪一栏要改、为什么。"),
        error_messages={"required": _("请写明退回原因。")},
    )  # fmt: skip


class SheetFilterForm(forms.Form):
    """Filters of the list of sheets."""

    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("不限")), *SheetState.choices], required=False
    )
    title = forms.CharField(label=_("表名"), max_length=40, required=False)


class PartFilterForm(forms.Form):
    """Filters of the list of a sheet's parts."""

    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("不限")), *PartState.choices], required=False
    )
