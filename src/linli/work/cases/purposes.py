"""What residents may refuse of the messages about their cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.base.people.purposes import Purpose

RATING = "rating"

RATING_TEXTS = Purpose(
    RATING, _("短信评价邀请"),
    _("您反映的事项办结后，短信里附上评价链接，请您打分。"),
    _("《个人信息保护法》第十三条第一款第三项（履行法定职责），您可以拒绝"),
    _("办结短信照发，不再请您评价；您仍可登录后自己评价。"),
    asks=False,
)  # fmt: skip
