from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "linli.life.knowledge"
    label = "knowledge"
    verbose_name = "知识库"

    def ready(self) -> None:
        """Plug what this module adds into the registries of those below."""
        from linli.base.areas.moving import register_mover
        from linli.base.messages.templates import register_templates
        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import register_menu
        from linli.work.cases.answers import register_answer_source

        from .answering import KnowledgeBase
        from .flow import ARTICLE_FLOW
        from .moving import move_articles
        from .notices import TEMPLATES
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_flow(ARTICLE_FLOW)
        register_templates(
            TEMPLATES,
            {"knowledge.expires": _("知识：临期复核"), "knowledge.expired": _("知识：已到期")},
        )
        register_answer_source(KnowledgeBase())
        register_mover("articles", move_articles, _("知识条目"))
        register_menu("knowledge", _("知识库"), "knowledge:list", "book", order=35,
                      permission="knowledge.view")  # fmt: skip
        register_menu("knowledge", _("写成知识条目"), "knowledge:new", "book",
                      face="closed_case", permission="knowledge.write")  # fmt: skip
