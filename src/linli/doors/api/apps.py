from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "linli.doors.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        """Plug in the permissions, the menu and what moves along with an area."""
        from django.utils.translation import gettext_lazy as _

        from linli.base.areas.moving import register_mover
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import ADMIN, register_menu

        from .moving import move_keys
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_mover("api_keys", move_keys, _("接口密钥"))
        register_menu(
            "api-keys", _("接口密钥"), "api:keys", "plug", permission="api.manage", order=94,
            group=ADMIN,
        )  # fmt: skip
