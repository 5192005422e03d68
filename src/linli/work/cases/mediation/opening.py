"""The form with which a mediation is opened: the dispute, and its first two parties."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.base.areas.queries import find

from ..models import Case, Channel
from .forms import REQUIRED, PartyFields, text
from .models import DisputeKind, Origin

CHANNELS = [
    (Channel.WINDOW, _("上门或窗口")),
    (Channel.PATROL, _("巡查发现")),
    (Channel.HOTLINE, Channel.HOTLINE.label),
]


class OpenForm(forms.Form):
    """The dispute. Where a case says it already, place, title and channel are not asked for."""

    token = forms.CharField(max_length=40, widget=forms.HiddenInput)
    case_number = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("纠纷类型"), choices=DisputeKind.choices)
    origin = forms.ChoiceField(label=_("调解的启动"), choices=Origin.choices)
    title = forms.CharField(
        label=_("一句话说明"), max_length=120, error_messages=REQUIRED,
        help_text=_("写事不写人名，如：三楼漏水损坏二楼顶棚。"),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("来源"), choices=CHANNELS)
    area_code = forms.CharField(
        label=_("所在社区或网格"), max_length=40, help_text=_("名称、编码或拼音首字母"),
        error_messages={"required": _("请选择所在社区或网格。")},
    )  # fmt: skip
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    facts = text(_("纠纷经过和诉求"), rows=5, help_text=_("加密保存，只有本辖区调解员看得到。"))

    def __init__(self, *args: Any, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case is not None:
            for name in ("title", "channel", "area_code", "address"):
                del self.fields[name]

    def clean_area_code(self) -> Area:
        """Return the area; of several the person has to choose."""
        typed = self.cleaned_data["area_code"].strip()
        found = find(typed, limit=6)
        exact = [area for area in found if typed in {area.code, area.name, area.short_name}]
        rows = exact if len(exact) == 1 else found
        if not rows:
            raise forms.ValidationError(_("没有找到这个区域。"))
        if len(rows) > 1:
            names = str(_("、")).join(f"{area.full_name} {area.code}" for area in rows[:5])
            raise forms.ValidationError(f"{_('找到多个区域，请填编码：')}{names}")
        return rows[0]


def party_forms(data: Any = None) -> list[PartyFields]:
    """Return the forms of the first two parties."""
    made = [PartyFields(data, prefix="a"), PartyFields(data, prefix="b")]
    made[0].fields["name"].label = _("甲方（申请人）姓名或单位名称")
    made[1].fields["name"].label = _("乙方姓名或单位名称")
    return made
