"""What writers and reviewers of articles are asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.base.areas.queries import find
from linli.work.cases.models import Category
from linli.work.cases.queries import category_groups

from .models import ArticleState

LEVELS = (6, 9, 12)  # an article holds for a district, a subdistrict or a community
LONGEST = 3 * 366  # days an answer may hold without being looked at again


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("请填写日期。"),
            "invalid": _("日期应写成2026-03-18。"),
        },
    )


class ArticleForm(forms.Form):
    """One version of an article."""

    title = forms.CharField(
        label=_("标题"), max_length=80, help_text=_("用居民的话，例如：高龄津贴怎么申请"),
        error_messages={"required": _("请填写标题。")},
    )  # fmt: skip
    questions = forms.CharField(
        label=_("居民会怎么问"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一种问法或几个关键词，写得越全越容易搜到。"),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("答复"), max_length=4000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("居民会原样收到。写清条件、材料、去哪里、多久、电话；不写任何人的个人信息。"),
        error_messages={"required": _("请填写答复。")},
    )  # fmt: skip
    source = forms.CharField(label=_("依据"), required=False, max_length=160)
    category = forms.ChoiceField(
        label=_("类别"), required=False,
        error_messages={"invalid_choice": _("没有这个类别，请重新选择。")},
    )  # fmt: skip
    area_code = forms.CharField(
        label=_("适用范围"), max_length=40, help_text=_("全区、某街道或某社区的名称或编码"),
        error_messages={"required": _("请填写适用范围。")},
    )  # fmt: skip
    valid_from = _day(_("生效日期"))
    expires_on = _day(_("有效期至"), _("到期后不再向居民提供，到期前会提醒您复核，最长三年。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("不限类别")), *category_groups()]  # type: ignore[attr-defined]
        if not self.is_bound:
            today = timezone.localdate()
            self.initial.setdefault("valid_from", today)
            self.initial.setdefault("expires_on", today + timedelta(days=365))

    def clean_category(self) -> Category | None:
        """Return the category, or None for any."""
        return Category.objects.filter(code=self.cleaned_data["category"] or "-").first()

    def clean_area_code(self) -> Area:
        """Return the district, subdistrict or community that is meant."""
        typed = self.cleaned_data["area_code"].strip()
        found = find(typed, limit=6)
        exact = [area for area in found if typed in {area.code, area.name, area.short_name}]
        rows = [area for area in (exact or found) if len(area.code) in LEVELS]
        if not rows:
            raise forms.ValidationError(_("没有找到这个区、街道或社区。"))
        if len(rows) > 1:
            names = str(_("、")).join(f"{area.full_name} {area.code}" for area in rows[:5])
            raise forms.ValidationError(f"{_('找到多个区域，请填编码：')}{names}")
        return rows[0]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, and one so far off that nobody looks again."""
        data = super().clean() or {}
        begins, ends = data.get("valid_from"), data.get("expires_on")
        if begins and ends and ends < begins:
            self.add_error("expires_on", _("有效期应晚于生效日期。"))
        elif begins and ends and (ends - begins).days > LONGEST:
            self.add_error("expires_on", _("有效期最长三年，到期复核后可以再发一版。"))
        return data


class RemarkForm(forms.Form):
    """Why it goes back, or is taken away."""

    remark = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请填写原因。")},
    )  # fmt: skip


class FilterForm(forms.Form):
    """Which articles are listed."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *ArticleState.choices]
    )
    category = forms.ChoiceField(label=_("类别"), required=False)
    expiry = forms.ChoiceField(
        label=_("有效期"), required=False,
        choices=[("", _("全部")), ("soon", _("30天内到期")), ("past", _("已过期"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("全部")), *category_groups()]  # type: ignore[attr-defined]
