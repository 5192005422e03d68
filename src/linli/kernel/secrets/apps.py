from django.apps import AppConfig


class SecretsConfig(AppConfig):
    name = "linli.kernel.secrets"
    label = "secrets"
    verbose_name = "密钥"
