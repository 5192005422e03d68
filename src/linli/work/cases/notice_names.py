"""What people call the messages to reporters, as the SMS log shows them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NAMES = {
    "cases.register": _("工单：登记"),
    "cases.protected": _("工单：受保护的反映人"),
    "cases.accept": _("工单：受理"),
    "cases.decline": _("工单：不予受理"),
    "cases.dispatch": _("工单：派遣"),
    "cases.sign_in": _("工单：签收"),
    "cases.report_done": _("工单：报告办好"),
    "cases.send_back": _("工单：核查退回"),
    "cases.close": _("工单：办结和评价"),
    "cases.settle": _("工单：当场办结和评价"),
    "cases.extend": _("工单：延期"),
    "cases.suspend": _("工单：挂账"),
    "cases.resume": _("工单：恢复办理"),
    "cases.take_up": _("工单：上一级接办"),
    "cases.merge": _("工单：合并办理"),
    "cases.unmerge": _("工单：恢复单独办理"),
    "cases.close_told": _("工单：办结（不邀评价）"),
    "cases.settle_told": _("工单：当场办结（不邀评价）"),
    "cases.close_joint": _("工单：办结（共同反映人）"),
    "cases.settle_joint": _("工单：当场办结（共同反映人）"),
    "cases.close_joined": _("工单：办结（关注人）"),
    "cases.settle_joined": _("工单：当场办结（关注人）"),
    "cases.decline_joined": _("工单：不予受理（关注人）"),
    "cases.join": _("工单：登记关注"),
    "cases.grant_return": _("工单：改派"),
    "cases.answer": _("工单：咨询答复"),
    "cases.thank": _("工单：表扬已转告"),
    "cases.praised": _("工单：收到表扬（单位）"),
    "cases.mediation_due": _("调解：临期"),
    "cases.mediation_owed": _("调解：履行回访"),
    "cases.mediation_confirm": _("调解：司法确认"),
    "cases.mediation_party": _("调解：达成协议"),
    "cases.mediation_ended": _("调解：已结束"),
}
