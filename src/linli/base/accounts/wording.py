"""The ledger's words about accounts and grants."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.ledger.models import Entry

from .policies import ROLES

VERBS = {
    ("account", "create"): gettext_lazy("建立账户"),
    ("account", "set_password"): gettext_lazy("设置密码"),
    ("account", "set_name"): gettext_lazy("修改姓名"),
    ("account", "set_phone"): gettext_lazy("修改手机号"),
    ("account", "sign_in"): gettext_lazy("登录"),
    ("account", "move_post"): gettext_lazy("调整岗位"),
    ("account", "lock"): gettext_lazy("停用账户"),
    ("account", "unlock"): gettext_lazy("启用或解锁账户"),
    ("grant", "grant"): gettext_lazy("授权"),
    ("grant", "end"): gettext_lazy("终止授权"),
}


def describe(entry: Entry) -> str:
    """Return what an entry says, with role and area code where it is about a grant."""
    words = str(VERBS.get((entry.subject_type, entry.verb), entry.verb))
    role = entry.data.get("role")
    if not role:
        return words
    return _("%(verb)s：%(role)s（%(area)s）") % {
        "verb": words,
        "role": ROLES.get(role, role),
        "area": entry.area_code,
    }
