from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmergenciesConfig(AppConfig):
    name = "linli.work.emergencies"
    label = "emergencies"
    verbose_name = "突发事件"

    def ready(self) -> None:
        """Plug what this module adds into the registries of those below."""
        from linli.base.areas.moving import register_mover
        from linli.base.indicators import registry as indicators
        from linli.base.messages.templates import register_templates
        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import GRID, register_menu

        from .calling import LABELS, TEMPLATES
        from .flow import EMERGENCY_FLOW
        from .indicators import FOLD_VERSION, INDICATORS, fold
        from .moving import move_emergencies, move_plans, move_shifts
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_flow(EMERGENCY_FLOW)
        register_mover("emergencies", move_emergencies, _("进行中的突发事件"))
        register_mover("plans", move_plans, _("应急预案"))
        register_mover("shifts", move_shifts, _("应急值班"))
        register_templates(TEMPLATES, LABELS)
        indicators.register_fold("emergency", fold, FOLD_VERSION)
        indicators.register_indicators(INDICATORS)
        register_menu("emergencies", _("突发事件"), "emergencies:index", "urgent", order=40,
                      permission="emergencies.view", group=GRID)  # fmt: skip
        register_menu("emergency", _("按突发事件处置"), "emergencies:new", "urgent", face="case",
                      permission="emergencies.raise")  # fmt: skip
