from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "linli.base.accounts"
    label = "accounts"
    verbose_name = "账户"
