"""What writers and reviewers of stories are asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.base.people.models import Building
from linli.kernel.scope import within

from .cleaning import clean_html, plain_text
from .models import EditionState, Section

LONGEST = 60_000  # characters of HTML


def _moment(label: Any, help_text: Any, *, required: bool) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, help_text=help_text, required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("时间应写成2026-03-18 09:00。")},
    )  # fmt: skip


class StoryForm(forms.Form):
    """One edition of a story."""

    title = forms.CharField(
        label=_("标题"), max_length=80, error_messages={"required": _("请填写标题。")}
    )
    section = forms.ModelChoiceField(
        label=_("栏目"), queryset=Section.objects.none(), empty_label=None,
        error_messages={"required": _("请选择栏目。")},
    )  # fmt: skip
    area = forms.ChoiceField(
        label=_("发在哪里"), help_text=_("全区的各站都看得到，街道的本街道各社区看得到。"),
        error_messages={"required": _("请选择。")},
    )  # fmt: skip
    summary = forms.CharField(
        label=_("摘要"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不写就取正文开头。"),
    )  # fmt: skip
    body = forms.CharField(
        label=_("正文"), max_length=LONGEST, help_text=_("空一行分段。不写任何人的个人信息。"),
        widget=forms.Textarea(attrs={"rows": 14, "data-editor": ""}),
        error_messages={"required": _("请填写正文。")},
    )  # fmt: skip
    buildings = forms.CharField(
        label=_("只通知哪些楼"), required=False, max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一栋，写登记册里的楼名；空着就是给所有人。"),
    )  # fmt: skip
    shown_from = _moment(_("从什么时候显示"), _("空着就是审核通过后马上显示。"), required=False)
    shown_until = _moment(_("显示到什么时候"), _("过了转入往期；空着就一直显示。"), required=False)
    pinned = forms.BooleanField(label=_("置顶"), required=False)

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in areas}
        self.fields["section"].queryset = Section.objects.filter(open=True)  # type: ignore[attr-defined]
        self.fields["area"].choices = [(code, row.full_name) for code, row in self.areas.items()]  # type: ignore[attr-defined]

    def clean_area(self) -> Area:
        """Return the area."""
        return self.areas[self.cleaned_data["area"]]

    def clean_body(self) -> str:
        """Return the text as safe HTML; pictures alone say nothing."""
        html = clean_html(self.cleaned_data["body"])
        if not plain_text(html):
            raise forms.ValidationError(_("请填写正文。"))
        return html

    def clean(self) -> dict[str, Any]:
        """Find the buildings within the area; an end comes after the beginning."""
        data = super().clean() or {}
        begins, ends = data.get("shown_from"), data.get("shown_until")
        if ends and ends <= (begins or timezone.now()):
            self.add_error("shown_until", _("结束时间应在开始之后、也在现在之后。"))
        area = data.get("area")
        if area is not None:
            data["buildings"] = self._buildings(area, data.get("buildings", ""))
        return data

    def _buildings(self, area: Area, typed: str) -> list[Building]:
        names = [line.strip() for line in typed.splitlines() if line.strip()]
        rows = Building.objects.filter(within([area.code]), closed_on=None, name__in=names)
        found = {row.name: row for row in rows}
        missing = [name for name in names if name not in found]
        if missing:
            words = _("登记册里没有这些楼：%(names)s。")
            self.add_error("buildings", words % {"names": str(_("、")).join(missing)})
        return list(found.values())


class FileForm(forms.Form):
    """A picture or a PDF to add to a story."""

    file = forms.FileField(
        label=_("图片或PDF"), error_messages={"required": _("请选择文件。")},
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )  # fmt: skip
    alt = forms.CharField(
        label=_("图片上有什么"), max_length=120, required=False,
        help_text=_("读屏的人靠这句话知道图片内容；图片必须写。"),
    )  # fmt: skip


class RemarkForm(forms.Form):
    """Why it goes back, or is taken away."""

    remark = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请填写原因。")},
    )  # fmt: skip


class FilterForm(forms.Form):
    """Which stories are listed."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *EditionState.choices]
    )
    section = forms.ModelChoiceField(
        label=_("栏目"), queryset=Section.objects.all(), required=False, empty_label=_("全部")
    )
