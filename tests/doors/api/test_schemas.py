"""Whatever the descriptions of the interfaces allow, no answer breaks and each is as described."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from factories import make_case, make_district
from linli.doors.api.actions import make_key
from linli.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
FEW = settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
def kept_connection():
    """Let the whole site, asked without Django's test client, stay in the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(world):
    now = timezone.now()
    return make_key(
        actor=SYSTEM, now=now, name="试验", area=world.district, may_read=True,
        may_read_texts=True, may_report=True, per_minute=100_000,
    )[1]  # fmt: skip


@pytest.fixture
def world():
    made = make_district()
    make_case(made, now=timezone.now())
    return made


def operations(address):
    schema = schemathesis.openapi.from_wsgi(address, get_wsgi_application())
    return [found.ok() for found in schema.get_all_operations()]


def try_all(operation, checks, **more):
    @FEW
    def run(case):
        case.call_and_validate(checks=checks, **more)

    from hypothesis import given

    given(case=operation.as_strategy())(run)()


def test_the_rest_interface(key):
    found = operations("/api/v1/openapi.json")
    assert len(found) >= 7
    for operation in found:
        try_all(operation, [*CHECKS, negative_data_rejection, unsupported_method],
                headers={"X-API-Key": key})  # fmt: skip


def test_the_georeport_interface(key, settings):
    settings.API_OPEN_PER_MINUTE = 100_000
    found = operations("/open311/v2/openapi.json")
    assert len(found) == 7
    for operation in found:
        try_all(operation, CHECKS)
        try_all(operation, CHECKS, params={"api_key": key})
