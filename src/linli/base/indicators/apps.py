from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "linli.base.indicators"
    label = "indicators"
    verbose_name = "指标"
