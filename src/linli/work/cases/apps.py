from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "linli.work.cases"
    label = "cases"
    verbose_name = "工单"
