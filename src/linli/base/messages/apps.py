from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "linli.base.messages"
    label = "linli_messages"
    verbose_name = "消息"

    def ready(self) -> None:
        """Plug in the sending of one-time codes, the permissions and the menu."""
        from django.conf import settings
        from django.utils.translation import gettext_lazy as _

        from linli.kernel.scope import register_permissions
        from linli.kernel.secrets.reindexing import Indexed, register_index
        from linli.kernel.ui.menu import ADMIN, register_menu

        from ..accounts.code_sender import register_code_sender
        from ..people.erasable import register_part
        from ..people.retained import register_retained
        from ..people.telling import register_teller, register_texter
        from .actions import send_login_code, tell_resident, text_resident
        from .erasing import MESSAGES_PART, TEXTS
        from .policies import POLICIES
        from .record_texts import RECORD_TEXTS
        from .templates import register_templates

        register_templates(
            {"accounts.code": "验证码{code}，5分钟内有效，请勿告诉他人。"},
            {"accounts.code": _("登录验证码")},
        )
        register_templates(
            RECORD_TEXTS,
            {
                "people.request_approved": _("登记更正：已采纳"),
                "people.request_declined": _("登记更正：未采纳"),
                "people.request_due": _("更正申请：快到期"),
                "people.request_late": _("更正申请：已超期"),
                "people.erasure_due": _("删除申请：快到期"),
                "people.erasure_late": _("删除申请：已超期"),
                "people.erasure_in_part": _("删除申请：已部分删除"),
                "people.erasure_refused": _("删除申请：不予删除"),
                "people.tag_expires": _("关爱登记到期提醒"),
            },
        )
        register_part("messages", MESSAGES_PART)
        register_retained(TEXTS)
        register_teller(tell_resident)
        register_texter(text_resident)
        register_code_sender(send_login_code)
        register_permissions(POLICIES)
        register_menu("messages", _("我的消息"), "messages:inbox", "bell", face="public", order=40)
        register_menu(
            "sms",
            _("短信记录"),
            "messages:log",
            "message",
            permission="messages.log",
            order=95,
            group=ADMIN,
        )
        if settings.DEMO:
            register_menu(
                "demo-sms", _("演示短信"), "messages:demo", "message", face="public", order=95
            )
        register_index(Indexed.of_phone("messages_message", "phone"))
        register_index(Indexed.of_phone("messages_preference", "phone"))
