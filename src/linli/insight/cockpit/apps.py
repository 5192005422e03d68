from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CockpitConfig(AppConfig):
    name = "linli.insight.cockpit"
    label = "cockpit"
    verbose_name = "驾驶舱"

    def ready(self) -> None:
        """Plug permissions and the menu entry into their registries."""
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import register_menu

        from .policies import POLICIES

        register_permissions(POLICIES)
        register_menu(
            "cockpit",
            _("驾驶舱"),
            "cockpit:page",
            "chart-bar",
            permission="cockpit.view",
            order=5,
        )
