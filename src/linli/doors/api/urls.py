"""Addresses of the interfaces: REST, Open311, open data, and the keys on the desk."""

from django.urls import path, register_converter

from . import pages_keys, pages_open_data
from .api import api
from .open311 import pages as open311


class Kind:
    """The format at an address's end."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """Return it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it stands."""
        return value


class DataKind(Kind):
    """The format of open data."""

    regex = "json|csv"


register_converter(Kind, "georeport")
register_converter(DataKind, "opendata")

app_name = "api"
V2 = "open311/v2/"
urlpatterns = [
    path("api/v1/", api.urls),
    path(V2 + "openapi.json", open311.description, name="description"),
    path(V2 + "discovery.<georeport:kind>", open311.discovery, name="discovery"),
    path(V2 + "services.<georeport:kind>", open311.services, name="services"),
    path(V2 + "services/<str:code>.<georeport:kind>", open311.definition, name="definition"),
    path(V2 + "requests.<georeport:kind>", open311.requests, name="requests"),
    path(V2 + "requests/<str:number>.<georeport:kind>", open311.one_request, name="request"),
    path(V2 + "tokens/<str:once>.<georeport:kind>", open311.token, name="token"),
    path("open-data/", pages_open_data.index, name="open_data"),
    path(
        "open-data/cases-<int:year>-<int:month>.<opendata:kind>",
        pages_open_data.month,
        name="month",
    ),
    path("desk/api-keys/", pages_keys.keys, name="keys"),
    path("desk/api-keys/<int:key_id>/revoke/", pages_keys.revoke, name="revoke"),
]
