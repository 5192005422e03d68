from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    name = "linli.doors.website"
    label = "website"
    verbose_name = "网站"

    def ready(self) -> None:
        """Plug in the public menu."""
        from linli.kernel.ui.menu import register_menu

        register_menu("report", _("我要反映"), "website:report", "edit", face="public", order=10)
        register_menu("news", _("消息"), "website:news", "news", face="public", order=12)
        register_menu("places", _("各社区"), "website:places", "map-pin", face="public", order=14)
        register_menu("track", _("查进度"), "website:track", "search", face="public", order=20)
        register_menu("my", _("我的事项"), "website:my", "list", face="public", order=30)
        register_menu("help", _("帮助"), "website:help", "help", face="public", order=90)
