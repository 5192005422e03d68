from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "linli.base.areas"
    label = "areas"
    verbose_name = "区域"
