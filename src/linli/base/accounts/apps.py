from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "linli.base.accounts"
    label = "accounts"
    verbose_name = "账户"

    def ready(self) -> None:
        """Plug in how the ledger's account numbers become names."""
        from linli.kernel.flow.names import register_names
        from linli.kernel.scope import register_permissions

        from .policies import POLICIES
        from .queries import account_name

        register_names(account_name)
        register_permissions(POLICIES)
