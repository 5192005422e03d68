"""Every address of the site: each module's own list, and no others."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from . import pages

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", pages.health, name="health")]
for config in apps.get_app_configs():
    name = f"{config.name}.urls"
    if config.name.startswith("linli.") and config.name != "linli.site" and find_spec(name):
        urlpatterns.append(path("", include(import_module(name))))

if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()
