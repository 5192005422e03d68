from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "linli.work.cases"
    label = "cases"
    verbose_name = "工单"

    def ready(self) -> None:
        """Plug permissions, message templates and the life cycle into their registries."""
        from linli.base.areas.moving import register_mover
        from linli.base.indicators import registry as indicators
        from linli.base.messages.templates import register_templates
        from linli.base.people.sections import register_section
        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import CASES, register_menu

        from . import indexing
        from .actions.moving import move_cases, move_rules, move_tasks
        from .erasing import plug_in
        from .flow import CASE_FLOW
        from .indicators import FOLD_VERSION, HANDLING, INDICATORS, KNOWN, fold
        from .mediation import indicators as mediation
        from .mediation.flow import MEDIATION_FLOW
        from .mediation.moving import move_mediations
        from .mediation.notices import TEMPLATES as MEDIATION_TEMPLATES
        from .notice_names import NAMES
        from .notices import TEMPLATES
        from .policies import POLICIES
        from .residents import cases_of
        from .tasks import indicators as tasks
        from .tasks.flows import FLOWS

        register_permissions(POLICIES)
        plug_in()
        register_mover("cases", move_cases, _("未办结工单"))
        register_mover("tasks", move_tasks, _("未完成子任务"))
        register_mover("mediations", move_mediations, _("未结束的调解"))
        register_mover("rules", move_rules, _("派遣规则"))
        register_section("cases", _("工单"), cases_of, order=10)
        for flow in (CASE_FLOW, MEDIATION_FLOW, *FLOWS.values()):
            register_flow(flow)
        indicators.register_fold("mediation", mediation.fold, mediation.FOLD_VERSION)
        indicators.register_indicators(mediation.INDICATORS)
        register_templates(TEMPLATES | MEDIATION_TEMPLATES, NAMES)
        indicators.register_fold("case", fold, FOLD_VERSION)
        indicators.register_indicators(INDICATORS)
        for known in KNOWN:
            indicators.register_known(*known)
        indicators.register_histogram(HANDLING)
        for kind, count in tasks.FOLDS.items():
            indicators.register_fold(kind, count, tasks.FOLD_VERSION)
        indicators.register_indicators(tasks.INDICATORS)
        register_menu("todo", _("我的待办"), "cases:todo", "checklist", order=10, shortcut="h")
        register_menu("tasks", _("协办督办"), "cases:tasks", "users", order=15, group=CASES)
        register_menu("mediations", _("人民调解"), "cases:mediations", "friends", order=18,
                      permission="cases.mediation", group=CASES)  # fmt: skip
        register_menu(
            "calls",
            _("回访清单"),
            "cases:calls",
            "phone-call",
            order=17,
            permission="cases.call_back",
            group=CASES,
        )
        register_menu("cases", _("全部工单"), "cases:list", "list-search", order=20, shortcut="l")
        register_menu(
            "praise",
            _("表扬"),
            "cases:praise",
            "heart",
            order=45,
            permission="cases.praise",
            group=CASES,
        )
        register_menu(
            "looks",
            _("查看记录"),
            "cases:looks",
            "eye",
            order=80,
            permission="cases.looks",
            group=CASES,
        )
        register_menu(
            "new",
            _("登记工单"),
            "cases:new",
            "plus",
            order=30,
            permission="cases.register",
            shortcut="n",
        )  # fmt: skip
        indexing.plug_in()
