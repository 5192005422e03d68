from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "linli.base.messages"
    label = "linli_messages"
    verbose_name = "消息"

    def ready(self) -> None:
        """Plug in the sending of one-time codes."""
        from ..accounts.code_sender import register_code_sender
        from .actions import send_login_code
        from .templates import register_templates

        register_templates({"accounts.code": "验证码{code}，5分钟内有效，请勿告诉他人。"})
        register_code_sender(send_login_code)
