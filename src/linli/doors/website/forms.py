"""The public report form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.base.areas.queries import Candidate, community_choices, district, resolve_place
from linli.kernel.secrets.phones import normalise_phone
from linli.work.cases.models import Category, Nature
from linli.work.cases.queries import category_groups

UNKNOWN = "unknown"
NATURES = [
    ("", _("反映问题或求助")),
    (Nature.COMPLAINT, _("投诉")),
    (Nature.REPORT, _("举报（对您的身份保密）")),
    (Nature.SUGGESTION, _("提建议")),
    (Nature.CONSULTATION, _("咨询政策或办事")),
    (Nature.PRAISE, _("表扬")),
]


class ReportForm(forms.Form):
    """What happened, where, and (if they like) who tells it."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    nature = forms.ChoiceField(
        label=_("您要"),
        required=False,
        choices=NATURES,
        error_messages={"invalid_choice": _("请从列表里选一项。")},
    )
    category = forms.ChoiceField(
        label=_("哪一类事情"),
        error_messages={"required": _("请选择一类，拿不准就选最接近的。")},
    )
    text = forms.CharField(
        label=_("发生了什么"),
        min_length=4,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写清楚时间、地点、情况。"),
        error_messages={
            "required": _("请写明发生了什么。"),
            "min_length": _("太短了，请多写几个字，让工作人员看得明白。"),
        },
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(
        label=_("地址"),
        required=False,
        max_length=160,
        help_text=_("例如：东风街12号院3号楼。已在地图上点了位置可以不填。"),
    )
    place_code = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    community = forms.ChoiceField(label=_("所在社区"), required=False)
    protected = forms.BooleanField(
        label=_("请对我的身份保密"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text=_("办理单位看不到您是谁，也不会打电话给您。举报一律保密，不用勾选。"),
    )
    reporter_name = forms.CharField(label=_("您的称呼"), required=False, max_length=40)
    reporter_phone = forms.CharField(
        label=_("手机号"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("留下手机号，办理的每一步都会发短信告诉您。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates: tuple[Candidate, ...] = ()
        self.area: Area | None = None
        self.fields["category"].choices = [("", _("请选择")), *category_groups()]  # type: ignore[attr-defined]
        self.fields["community"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择（已点地图或填了地址可以不选）")),
            (UNKNOWN, _("不清楚是哪个社区")),
            *community_choices(),
        ]

    def clean_reporter_phone(self) -> str:
        """Return the digits of the number, where one was given."""
        raw = self.cleaned_data.get("reporter_phone", "")
        return normalise_phone(raw) if raw.strip() else ""

    def clean_category(self) -> Category:
        """Return the category in force."""
        return Category.objects.select_related("parent").get(code=self.cleaned_data["category"])

    def clean(self) -> dict[str, Any]:
        """Find the place; what is unclear about it is said at its field."""
        data = super().clean() or {}
        community = data.get("community") or ""
        if community == UNKNOWN and data.get("lon") is None:
            self.area = district()
            return data
        place = resolve_place(
            lon=data.get("lon"),
            lat=data.get("lat"),
            place_code=data.get("place_code") or "",
            address=data.get("address") or "",
            community_code="" if community == UNKNOWN else community,
        )
        self.area, self.candidates = place.area, place.candidates
        if place.problem:
            self.add_error(place.field, place.problem)
            if data.get("lon") is not None:
                self.outside = True
        return data

    outside = False
