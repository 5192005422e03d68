"""Made-up values for the page that shows every component."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

STATES = (
    ("registered", _("已登记")),
    ("accepted", _("已受理")),
    ("dispatched", _("已派遣")),
    ("in_hand", _("处置中")),
    ("done", _("待核查")),
    ("closed", _("已办结")),
    ("declined", _("不予受理")),
)

SWATCHES = (
    "jade", "jade-deep", "persimmon", "persimmon-soft", "paper", "paper-deep", "ink",
    "quiet", "line",
)  # fmt: skip


class SampleForm(forms.Form):
    """A form with a field of each common kind."""

    title = forms.CharField(label=_("事项"), max_length=60, help_text=_("一句话说清楚"))
    kind = forms.ChoiceField(label=_("类别"), choices=[("a", _("市容环境")), ("b", _("公共设施"))])
    text = forms.CharField(label=_("经过"), widget=forms.Textarea(attrs={"rows": 3}))


def sample_timeline(now: datetime) -> list[dict[str, Any]]:
    """Return three items of a timeline."""
    return [
        {"title": _("处理完毕"), "who": _("一社区第1网格"), "at": now, "tone": "green",
         "icon": "circle-check", "text": _("已清运并打扫。"), "facts": [_("用时2小时")],
         "attachments": [{"name": "现场.pdf", "href": "#main"}]},
        {"title": _("派遣"), "who": _("街道指挥中心"), "at": now - timedelta(hours=2),
         "tone": "indigo", "icon": "send"},
        {"title": _("登记"), "who": _("居民"), "at": now - timedelta(hours=3), "tone": "azure",
         "icon": "file-plus", "text": _("三号楼楼道堆了垃圾。")},
    ]  # fmt: skip


def sample_listing() -> SimpleNamespace:
    """Return a list as `linli.kernel.listing.view.show` would."""
    labels = (_("编号"), _("事项"), _("地点"))
    rows = (
        ("QW2603160001", _("楼道堆放杂物"), _("一社区第1网格")),
        ("QW2603160002", _("东门路灯不亮"), _("一社区第2网格")),
        ("QW2603160003", _("井盖松动，夜里有响声"), _("二社区第1网格")),
    )
    lines = []
    for row in rows:
        cells = [{"label": a, "value": b} for a, b in zip(labels, row, strict=True)]
        lines.append({"href": "#main", "cells": cells})
    return SimpleNamespace(
        spec={"key": "sample"},
        page={"params": "state=open", "next": "sample", "previous": "", "refused": True},
        columns=[{"label": label} for label in labels],
        lines=lines,
        orders=[
            {"label": _("最新登记"), "href": "?sort=new", "current": True},
            {"label": _("最近到期"), "href": "?sort=deadline"},
        ],
        chips=[{"label": _("状态：未办结"), "href": "?"}],
        views=[],
    )


def sample_chart() -> dict[str, Any]:
    """Return options of a small chart."""
    return {
        "xAxis": {"type": "category", "data": ["1", "2", "3", "4", "5", "6"]},
        "yAxis": {"type": "value"},
        "legend": {},
        "series": [
            {"name": str(_("登记")), "type": "line", "data": [12, 15, 9, 18, 22, 17]},
            {"name": str(_("办结")), "type": "bar", "data": [10, 14, 11, 15, 20, 19]},
        ],
    }


def sample_table() -> dict[str, Any]:
    """Return the numbers of the sample chart as a table."""
    days = ((1, 12, 10), (2, 15, 14), (3, 9, 11), (4, 18, 15), (5, 22, 20), (6, 17, 19))
    return {"heads": [_("日"), _("登记"), _("办结")], "rows": days}
