from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "linli.doors.field"
    label = "field"
    verbose_name = "网格员手机端"

    def ready(self) -> None:
        """Plug in the phone's menu, and make it the home of grid workers."""
        from linli.base.accounts.homes import register_home
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import GRID, register_menu
        from linli.work.cases.queries import category_groups
        from linli.work.patrols.links import register_links

        from .policies import POLICIES
        from .reported import reported_cases

        register_permissions(POLICIES)
        register_menu("days", _("每日汇总"), "field:days", "calendar-stats", order=46,
                      permission="field.days", group=GRID)  # fmt: skip
        register_menu("today", _("待办"), "field:today", "checklist", face="field", order=10)
        register_menu("new", _("上报"), "field:new", "camera-plus", face="field", order=20,
                      permission="cases.patrol")  # fmt: skip
        register_links(categories=category_groups, reports=reported_cases)
        register_menu("rounds", _("巡查"), "field:rounds", "route", face="field", order=15,
                      permission="patrols.walk")  # fmt: skip
        register_menu("queue", _("待送"), "field:queue", "cloud-upload", face="field", order=25)
        register_menu("desk", _("工作台"), "cases:list", "layout-list", face="field", order=30)
        register_menu(
            "field",
            _("手机版"),
            "field:today",
            "device-mobile",
            order=90,
            permission="cases.patrol",
        )
        register_home("grid_worker", "/field/")
