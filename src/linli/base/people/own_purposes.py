"""The purposes the registers themselves ask consent for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .purposes import Purpose

CARE, REMINDERS = "care", "reminders"

OWN_PURPOSES = (
    Purpose(
        CARE, _("关爱登记"),
        _("社区登记您的健康、独居等情况，用来安排走访和照顾。"),
        _("《个人信息保护法》第十三条第一款第一项、第二十九条（单独同意）"),
        _("凭您同意登记的关爱标签当天结束，不再据此安排走访。"),
        sensitive=True,
    ),
    Purpose(
        REMINDERS, _("到期提醒短信"),
        _("您登记的关爱标签快到期时，发短信提醒您续办。"),
        _("《个人信息保护法》第十三条第一款第一项"),
        _("不再发到期提醒短信，站内消息照常。"),
    ),
)  # fmt: skip
