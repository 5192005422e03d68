from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "linli.kernel.listing"
    label = "listing"
    verbose_name = "列表"
