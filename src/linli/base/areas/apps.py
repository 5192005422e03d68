from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AreasConfig(AppConfig):
    name = "linli.base.areas"
    label = "areas"
    verbose_name = "区域"

    def ready(self) -> None:
        """Plug permissions and menu entries into their registries."""
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import ADMIN, GRID, register_menu

        from .actions.following import move_calendar, move_duties, move_resources, move_views
        from .moving import register_mover
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_mover("duties", move_duties, _("责任人"))
        register_mover("resources", move_resources, _("资源点"))
        register_mover("views", move_views, _("列表视图"))
        register_mover("calendar", move_calendar, _("工作日历与服务时间"))
        register_menu(
            "areas",
            _("区域与网格"),
            "areas:tree",
            "map-2",
            permission="areas.view",
            order=60,
            group=GRID,
        )
        register_menu(
            "areas-duties", _("责任人"), "areas:duties", "users",
            permission="areas.view", order=63, group=GRID,
        )  # fmt: skip
        register_menu(
            "areas-resources",
            _("网格资源"),
            "areas:resources",
            "map-pin",
            permission="areas.view",
            order=64,
            group=GRID,
        )
        register_menu(
            "areas-changes",
            _("区域变更"),
            "areas:changes",
            "arrows-split",
            permission="areas.view",
            order=66,
            group=GRID,
        )
        register_menu(
            "areas-layouts",
            _("网格布局优化"),
            "areas:layouts",
            "route",
            permission="areas.edit",
            order=65,
            group=GRID,
        )
        register_menu(
            "areas-import",
            _("导入区划与边界"),
            "areas:import",
            "upload",
            permission="areas.manage",
            order=300,
            group=ADMIN,
        )
