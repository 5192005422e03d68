from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "linli.life.publishing"
    label = "publishing"
    verbose_name = "网站稿件"

    def ready(self) -> None:
        """Plug in permissions, the flow, the menu, and what moves with areas."""
        from linli.base.areas.moving import register_mover
        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import register_menu

        from .flow import STORY_FLOW
        from .moving import move_stories
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_flow(STORY_FLOW)
        register_mover("stories", move_stories, _("网站稿件"))
        register_menu("stories", _("网站稿件"), "publishing:list", "news", order=36,
                      permission="publishing.write")  # fmt: skip
