"""The named log-ins of the demonstration, one for each role, in places that belong together."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "Linli-demo-2026"  # noqa: S105 - shown to everyone who tries the demonstration


@dataclass(frozen=True)
class DemoLogin:
    """One log-in to print: its role, name, password and what it is good for."""

    role: str
    username: str
    password: str
    can: str
    person: str
    title: str


def _login(role: str, username: str, person: str, title: str, can: str) -> DemoLogin:
    return DemoLogin(role, username, PASSWORD, can, person, title)


DEMO_LOGINS = (
    _login("district_lead", "lead", "周明远", "分管区领导", "看区级驾驶舱，逐层下钻到工单"),
    _login("district_dispatcher", "district", "许文静", "区中心派遣员", "全区派遣、裁定二次退单"),
    _login(
        "subdistrict_dispatcher", "dispatch", "宋海峰", "街道派遣员", "受理、派遣、裁定退单、看时限"
    ),
    _login(
        "community_worker", "community", "李秀萍", "社区工作者", "核查办理结果、当场办结、代登记"
    ),
    _login("grid_worker", "grid", "孙志强", "网格员", "在手机上签收、处置、报办结、巡查上报"),
    _login("department_handler", "dept", "高建国", "城管局经办人", "签收、处置、申请退单"),
    _login("hotline_agent", "hotline", "陈晓燕", "热线话务员", "来电登记、回访"),
    _login("window_clerk", "window", "马丽娟", "窗口人员", "在窗口为居民登记"),
    _login("system_admin", "sysadmin", "吴浩", "系统管理员", "建账户和单位、看短信记录"),
    _login("security_admin", "secadmin", "郑凯", "安全管理员", "授权、停权、解锁"),
    _login(
        "privacy_officer", "privacy", "沈若兰", "个人信息保护负责人", "决定删除申请、保全、保存期限"
    ),
    _login("audit_admin", "audit", "林静", "审计管理员", "只读账本和授权记录"),
)
DEMO_RESIDENT_PHONE, DEMO_RESIDENT = "19000000001", "张桂兰"
