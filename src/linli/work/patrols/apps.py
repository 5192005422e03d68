from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolsConfig(AppConfig):
    name = "linli.work.patrols"
    label = "patrols"
    verbose_name = "巡查"

    def ready(self) -> None:
        """Plug what this module adds into the registries of those below."""
        from linli.base.areas.moving import register_mover
        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import GRID, register_menu

        from .actions.moving import move_routes
        from .flow import ROUND_FLOW
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_flow(ROUND_FLOW)
        register_mover("patrols", move_routes, _("巡查路线"))
        register_menu("patrols", _("巡查"), "patrols:rounds", "route", order=45,
                      permission="patrols.view", group=GRID)  # fmt: skip
