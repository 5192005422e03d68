from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "linli.base.accounts"
    label = "accounts"
    verbose_name = "账户"

    def ready(self) -> None:
        """Plug in how account numbers become names, the permissions and the menu."""
        from django.utils.translation import gettext_lazy as _

        from linli.kernel.flow.names import register_names
        from linli.kernel.scope import register_permissions
        from linli.kernel.secrets.reindexing import Indexed, register_index, register_passing
        from linli.kernel.secrets.sealed import register_sealed_apart
        from linli.kernel.ui.menu import ADMIN, GRID, register_menu

        from ..areas.moving import register_mover
        from ..areas.staffing import register_staff
        from .actions.indexing import indexes_of
        from .actions.moving import move_grants, move_people, move_units
        from .mfa_sealed import SECOND_FACTORS
        from .policies import POLICIES
        from .posted import Posted
        from .queries import account_name

        register_names(account_name)
        register_staff(Posted())
        register_sealed_apart("second factors", SECOND_FACTORS)
        register_mover("accounts", move_people, _("账户"))
        register_mover("units", move_units, _("单位"))
        register_mover("grants", move_grants, _("授权"))
        register_permissions(POLICIES)
        register_menu(
            "door", _("这户谁负责"), "accounts:door", "address-book",
            permission="areas.view", order=61, group=GRID,
        )  # fmt: skip
        register_menu(
            "accounts", _("账户与授权"), "accounts:accounts", "users",
            permission="accounts.view", order=90, group=ADMIN,
        )  # fmt: skip
        register_menu(
            "calendar", _("工作日历"), "accounts:calendar", "calendar", order=92, group=ADMIN,
            permission="worktime.manage",
        )  # fmt: skip
        register_menu(
            "keys", _("数据密钥"), "accounts:keys", "key", permission="secrets.view", order=93,
            group=GRID,
        )  # fmt: skip
        register_menu(
            "units", _("单位"), "accounts:units", "building",
            permission="accounts.view", order=91, group=ADMIN,
        )  # fmt: skip
        register_index(Indexed("accounts_account", ("phone",), indexes_of, ("kind",)))
        register_passing("accounts_login_code")
        register_passing("accounts_unknown_name")
