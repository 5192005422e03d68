from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.base.people"
    label = "people"
    verbose_name = "人口"
