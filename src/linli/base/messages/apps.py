from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "linli.base.messages"
    label = "linli_messages"
    verbose_name = "消息"
