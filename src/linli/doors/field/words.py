"""What the phone's scripts say, in the person's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Return the texts by name; a name in braces is a place for a value."""
    return {
        "offline": _("没有网络。照常记录，有网时自动送出。"),
        "copy": _("这是 {at} 的副本，没有网络时内容不会更新。"),
        "waiting": _("{n}条等待送出"),
        "sending": _("正在送出…"),
        "refused_n": _("{n}条没有收下，请查看"),
        "sign_in": _("登录已过期，请重新登录，内容都在手机里。"),
        "sign_in_link": _("重新登录"),
        "someone_else": _("现在登录的是另一个人。请刷新页面。"),
        "state_waiting": _("等待送出"),
        "state_sending": _("正在送出"),
        "state_sent": _("已送出"),
        "state_refused": _("没有收下"),
        "kind_event": _("上报"),
        "kind_step": _("办理"),
        "kind_round": _("巡查"),
        "files": _("{n}个附件"),
        "recorded": _("记录于 {at}"),
        "tried": _("已试{n}次，稍后再试"),
        "edit": _("修改后再送"),
        "again": _("再送一次"),
        "drop": _("删除"),
        "drop_sure": _("删除后无法找回，确定删除这一条吗？"),
        "open": _("查看工单"),
        "none": _("没有等待送出的内容"),
        "none_text": _("上报、办理、巡查都会先存在手机里，再自动送出。"),
        "kept": _("已存在手机里，会自动送出。"),
        "full": _("手机存储空间不足，没有存下。请清理空间后再试，填写的内容还在。"),
        "locating": _("正在定位…"),
        "located": _("已定位，误差约{n}米"),
        "rough": _("定位误差约{n}米，偏大，建议从列表选网格或楼栋。"),
        "not_located": _("没有得到位置，请从列表选网格或楼栋，或在地图上点。"),
        "record": _("录语音"),
        "recording": _("正在录音 {s} 秒，点这里结束"),
        "no_record": _("不能录音：没有麦克风或没有允许。"),
        "voice": _("语音 {s} 秒"),
        "remove": _("去掉{name}"),
        "photo": _("照片{n}"),
        "most_files": _("最多{n}个附件"),
        "by_nearness": _("同一天到期的，近的在前。"),
        "by_deadline": _("没有位置，只按期限排列。"),
        "metres": _("{n}米"),
        "kilometres": _("{n}公里"),
        "next_step": _("前一步还在手机里等待送出；可以接着办，会按顺序送出。"),
        "round_left": _("还有{n}项没有检查。"),
        "round_begun": _("{at} 开始，还没有完成"),
        "no_phone": _("没有网络时不能查电话（查看要留记录）。"),
    }
