"""Roles of staff, and the permissions of accounts.

System, security and audit administrators are three people (classified protection, level 3):
one makes accounts and units, one grants and unlocks, one reads what both did.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROLES = {
    "district_lead": _("区级领导"),
    "district_dispatcher": _("区级派遣员"),
    "subdistrict_dispatcher": _("街道派遣员"),
    "community_worker": _("社区工作者"),
    "grid_worker": _("网格员"),
    "department_handler": _("部门经办人"),
    "hotline_agent": _("热线话务员"),
    "window_clerk": _("窗口人员"),
    "privacy_officer": _("个人信息保护负责人"),
    "system_admin": _("系统管理员"),
    "security_admin": _("安全管理员"),
    "audit_admin": _("审计管理员"),
}

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})

POLICIES: dict[str, tuple[str, ...]] = {
    "accounts.view": ("system_admin", "security_admin", "audit_admin"),
    "accounts.manage": ("system_admin",),
    "accounts.grant": ("security_admin",),
    "accounts.unlock": ("security_admin",),
    "ledger.read": ("audit_admin",),
    "secrets.view": ("security_admin",),
    "worktime.manage": ("system_admin",),
}
