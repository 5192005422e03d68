from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "linli.work.cases"
    label = "cases"
    verbose_name = "工单"

    def ready(self) -> None:
        """Plug permissions, message templates and the life cycle into their registries."""
        from linli.base.indicators.registry import register_fold, register_indicators
        from linli.base.messages.templates import register_templates
        from linli.kernel.scope import register_permissions

        from .indicators import FOLD_VERSION, INDICATORS, fold
        from .notices import TEMPLATES
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_templates(TEMPLATES)
        register_fold("case", fold, FOLD_VERSION)
        register_indicators(INDICATORS)
