"""Requests made from the service's own OpenAPI description, good ones and broken ones (schemathesis)."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.app import create_app
from service.settings import Settings

# Of each route; of one with a body, half of them good and half broken. `make fuzz` asks for 1,000.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "24"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ROUTES = [
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /v1/documents",
    "GET /v1/documents/{document_id}",
    "GET /v1/documents/{document_id}/text",
    "POST /v1/documents",
    "DELETE /v1/documents/{document_id}",
    "GET /v1/jobs/{job_id}",
    "GET /v1/passages/{passage_id}",
    "POST /v1/search",
    "POST /v1/answer",
    "GET /v1/models",
    "POST /v1/chat/completions",
    "POST /v1/verify",
]


@pytest.fixture(scope="module")
def operations():
    """The operations of the description, by method and path."""
    # Where a broken body is refused for its size, its other faults go unseen.
    refusals = {"negative_data_rejection": {"expected-statuses": ["400", "403", "404", "409", "413", "422"]}}
    config = schemathesis.Config.from_dict({"checks": refusals})
    schema = schemathesis.openapi.from_dict(create_app(Settings()).openapi(), config=config)
    return {operation.ok().label: operation.ok() for operation in schema.get_all_operations()}


def test_every_route_of_the_description_is_asked(operations):
    assert sorted(operations) == sorted(ROUTES)


# Of a path any text is a good parameter, so that only bodies can be broken.
GOOD = [(route, GenerationMode.POSITIVE) for route in ROUTES]
BROKEN = [(route, GenerationMode.NEGATIVE) for route in ROUTES if route.startswith("POST")]


@pytest.mark.parametrize(("route", "mode"), GOOD + BROKEN)
def test_whatever_is_asked_the_answer_is_as_described(operations, client, route, mode):
    @settings(
        max_examples=EXAMPLES // 2 if route.startswith("POST") else EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operations[route].as_strategy(generation_mode=mode))
    def asked(case):
        case.call_and_validate(base_url=str(client.base_url), checks=CHECKS, timeout=30)

    asked()
