from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.base.people"
    label = "people"
    verbose_name = "人口"

    def ready(self) -> None:
        """Plug in the permissions and what moves when areas change."""
        from linli.kernel.scope import register_permissions

        from ..areas.moving import register_mover
        from .actions import move_residents
        from .policies import POLICIES

        register_permissions(POLICIES)
        register_mover("residents", move_residents)
