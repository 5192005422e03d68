from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "linli.insight.cockpit"
    label = "cockpit"
    verbose_name = "驾驶舱"
