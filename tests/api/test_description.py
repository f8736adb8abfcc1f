"""The API against its own description: random requests of every kind get the answers that it promises."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session

from directory.capacity.models import RingFence
from directory.catalogue.vocabulary import AcceptsNrpf, ServiceKind
from directory.common.rate_limit import RateLimit
from tests import factories
from tests.api.conftest import Call

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/v1/search"), ("GET", "/api/v1/availability")])
def test_random_requests_get_the_promised_answers(
    app: Flask, session: Session, token: Any, method: str, path: str
) -> None:
    refuge = factories.service(session, accepts_nrpf=AcceptsNrpf.IF_FUNDED)
    factories.unit(session, refuge)
    factories.unit(session, refuge, ringfence=RingFence.NRPF)
    factories.service(session, kind=ServiceKind.HELPLINE, hours="")
    bearer = token()
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", app)[path][method]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {bearer}"}, checks=CHECKS)

    check()


def test_the_description_is_for_everybody_and_is_openapi(call: Call) -> None:
    description = call("GET", "/api/openapi.json", bearer="").get_json()

    assert description["openapi"] == "3.1.0"
    assert set(description["paths"]) == {
        "/api/v1/search",
        "/api/v1/availability",
        "/api/v1/holds",
        "/api/v1/holds/{hold_id}",
        "/api/v1/holds/{hold_id}/extend",
        "/api/oruk/v3/",
        "/api/oruk/v3/services",
        "/api/oruk/v3/services/{service_id}",
        "/api/oruk/v3/organizations",
        "/api/oruk/v3/organizations/{organization_id}",
        "/api/oruk/v3/taxonomies",
        "/api/oruk/v3/taxonomies/{taxonomy_id}",
        "/api/oruk/v3/taxonomy_terms",
        "/api/oruk/v3/taxonomy_terms/{term_id}",
    }


def test_a_runaway_program_is_slowed_down(app: Flask, call: Call) -> None:
    app.extensions["api_rate_limit"] = RateLimit(2)

    statuses = [call("GET", "/api/v1/availability").status_code for _ in range(3)]
    last = call("GET", "/api/v1/availability")

    assert statuses == [200, 200, 429]
    assert 0 < int(last.headers["Retry-After"]) <= 60
