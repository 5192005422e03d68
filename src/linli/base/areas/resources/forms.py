"""The form of a resource."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from ..models import ResourceKind


class ResourceForm(forms.Form):
    """What people need to know to call on a resource; the point decides its grid."""

    kind = forms.ChoiceField(label=_("类别"), choices=ResourceKind.choices)
    name = forms.CharField(label=_("名称"), max_length=80)
    organisation = forms.CharField(label=_("责任单位"), max_length=80, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("电话"), max_length=24, required=False,
        validators=[RegexValidator(r"^[0-9+() \-]{3,24}$", _("电话只能有数字、空格和横线。"))],
    )  # fmt: skip
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    hours = forms.CharField(label=_("开放时间"), max_length=60, required=False)
    checked_on = forms.DateField(
        label=_("上次检查日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    check_every = forms.IntegerField(
        label=_("检查周期（天）"), min_value=1, max_value=1830, required=False,
        help_text=_("不需要定期检查的，留空。"),
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    lon = forms.FloatField(label=_("经度"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("lon", "lat"):
            self.fields[name].error_messages["required"] = _("请在地图上点一下位置。")
