"""The form that makes a key."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.base.areas.queries import by_code
from linli.kernel.scope import Actor


class KeyForm(forms.Form):
    """Who gets a key, where it holds, what it may do and until when."""

    name = forms.CharField(
        label=_("给哪个系统"), max_length=60, help_text=_("例如：市12345平台、物业报修系统"),
        error_messages={"required": _("请写明给哪个系统用。")},
    )  # fmt: skip
    area_code = forms.CharField(
        label=_("在哪个区划内有效"), max_length=18,
        error_messages={"required": _("请填区划编码。")},
    )  # fmt: skip
    may_read = forms.BooleanField(label=_("读取工单（不含文字和地址）"), required=False)
    may_read_texts = forms.BooleanField(label=_("读取工单的文字、地址和位置"), required=False)
    may_report = forms.BooleanField(label=_("登记工单"), required=False)
    per_minute = forms.IntegerField(
        label=_("每分钟最多请求次数"), min_value=1, max_value=6000, initial=60,
        error_messages={
            "required": _("请填次数。"), "invalid": _("请填整数。"),
            "min_value": _("至少1次。"), "max_value": _("最多6000次。"),
        },
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("有效到"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不填则到收回为止"), error_messages={"invalid": _("日期写法不对。")},
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_area_code(self) -> Area:
        """Return the area; it must lie where the person manages keys."""
        code = self.cleaned_data["area_code"].strip()
        area = by_code(code) if code.isascii() and code.isdigit() else None
        if area is None:
            raise forms.ValidationError(_("没有编码为“%(code)s”的区域。") % {"code": code})
        if not self.actor.can("api.manage", area.code):
            raise forms.ValidationError(_("这个区域不归您管。"))
        return area

    def clean_expires_on(self) -> date | None:
        """Return the last day; one that is over will not do."""
        day: date | None = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("这一天已经过去了。"))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for at least one right."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("may_read", "may_read_texts", "may_report")):
            self.add_error("may_read", _("请至少选一项。"))
        return data
