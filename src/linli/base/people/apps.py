from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.base.people"
    label = "people"
    verbose_name = "人口"

    def ready(self) -> None:
        """Plug in the permissions."""
        from linli.kernel.scope import register_permissions

        from .policies import POLICIES

        register_permissions(POLICIES)
