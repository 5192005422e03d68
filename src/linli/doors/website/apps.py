from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "linli.doors.website"
    label = "website"
    verbose_name = "网站"
