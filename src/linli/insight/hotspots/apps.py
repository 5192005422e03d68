from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HotspotsConfig(AppConfig):
    name = "linli.insight.hotspots"
    label = "hotspots"
    verbose_name = "热点预警"

    def ready(self) -> None:
        """Plug permissions, message texts, the life cycle and the menu entry in."""
        from linli.base.messages.templates import register_templates
        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import register_menu

        from .flow import HOT_SPOT_FLOW
        from .notices import TEMPLATES
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_flow(HOT_SPOT_FLOW)
        register_templates(TEMPLATES, {"hotspots.found": _("热点预警")})
        register_menu(
            "hotspots",
            _("热点预警"),
            "hotspots:list",
            "flame",
            permission="hotspots.view",
            order=6,
        )
