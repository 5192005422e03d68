"""The description of the GeoReport v2 addresses in OpenAPI 3, from which tests are made too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse

STRING: dict[str, Any] = {"type": "string"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
DEGREES: dict[str, Any] = {"type": ["number", "null"]}
NAMES = (
    "service_request_id", "status_notes", "service_name", "service_code", "address", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "address_id",
    "zipcode", "media_url",
)  # fmt: skip
REQUEST_FIELDS: dict[str, Any] = dict.fromkeys(NAMES, STRING) | {
    "status": {"enum": ["open", "closed"]},
    "expected_datetime": MAYBE,
    "lat": DEGREES,
    "long": DEGREES,
}
SERVICE_NAMES = ("service_code", "service_name", "description", "keywords", "group")
SERVICE_FIELDS: dict[str, Any] = dict.fromkeys(SERVICE_NAMES, STRING) | {
    "metadata": {"type": "boolean"},
    "type": {"enum": ["realtime", "batch", "blackbox"]},
}
ERROR_FIELDS = {"code": {"type": "integer"}, "description": STRING}
MADE_FIELDS = {"service_request_id": STRING, "service_notice": STRING, "account_id": MAYBE}
POSTED = (
    "service_code", "description", "lat", "long", "address_string", "address_id", "first_name",
    "last_name", "phone", "media_url", "api_key", "jurisdiction_id",
)  # fmt: skip
LISTED = (
    "service_request_id", "service_code", "start_date", "end_date", "status", "updated_after",
    "page", "page_size", "api_key", "jurisdiction_id",
)  # fmt: skip


def _object(fields: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    wanted = list(fields) if required is None else required
    return {"type": "object", "properties": fields, "required": wanted}


def _body(schema: dict[str, Any], kinds: tuple[str, ...] = ("application/json",)) -> dict[str, Any]:
    return {kind: {"schema": schema} for kind in kinds}


def _list(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(fields)}


def _answers(schema: dict[str, Any], *more: int, good: tuple[int, ...] = (200,)) -> dict[str, Any]:
    found = {str(code): {"description": "OK", "content": _body(schema)} for code in good}
    for code in (400, 403, 404, 405, 429, *more):
        found[str(code)] = {"description": "errors", "content": _body(_list(ERROR_FIELDS))}
    return found


def _asked(*names: str, place: str = "query") -> list[dict[str, Any]]:
    return [
        {"name": name, "in": place, "required": place == "path", "schema": STRING} for name in names
    ]


def paths() -> dict[str, Any]:
    """Return the addresses in JSON; with `.xml` in the place of `.json` the same come as XML."""
    definition = _object({"service_code": STRING, "attributes": {"type": "array"}})
    token = _list({"service_request_id": STRING, "token": STRING})
    form = _body(
        _object(dict.fromkeys(POSTED, STRING), ["service_code", "description"]),
        ("application/x-www-form-urlencoded",),
    )
    one = _asked("number", place="path") + _asked("api_key")
    return {
        "/discovery.json": {"get": {"responses": _answers({"type": "object"})}},
        "/services.json": {
            "get": {"parameters": _asked("jurisdiction_id"),
                    "responses": _answers(_list(SERVICE_FIELDS))}
        },
        "/services/{code}.json": {
            "get": {"parameters": _asked("code", place="path"), "responses": _answers(definition)}
        },
        "/requests.json": {
            "get": {"parameters": _asked(*LISTED), "responses": _answers(_list(REQUEST_FIELDS))},
            "post": {
                "requestBody": {"required": True, "content": form},
                "responses": _answers(_list(MADE_FIELDS), 409, good=(200, 201)),
            },
        },
        "/requests/{number}.json": {
            "get": {"parameters": one, "responses": _answers(_list(REQUEST_FIELDS))}
        },
        "/tokens/{once}.json": {
            "get": {"parameters": _asked("once", place="path") + _asked("api_key"),
                    "responses": _answers(token)}
        },
    }  # fmt: skip


def describe(request: HttpRequest) -> JsonResponse:
    """Return the description, with the addresses of this site."""
    return JsonResponse({
        "openapi": "3.1.0",
        "info": {"title": "Open311 GeoReport v2", "version": "2"},
        "servers": [{"url": request.build_absolute_uri("/open311/v2")}],
        "paths": paths(),
    })  # fmt: skip
