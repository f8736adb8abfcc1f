"""Open Referral UK: the published catalogue in the standard's shape, and nothing else of it."""

import json
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from directory.accounts.permissions import Scope
from directory.api.openapi import description
from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure, ServiceKind
from directory.publishing.formats.identifiers import uuid_of
from tests import factories
from tests.api.conftest import Call
from tests.api.test_description import CHECKS

V3 = "/api/oruk/v3"
LISTS = ("services", "organizations", "taxonomies", "taxonomy_terms")
PROFESSIONAL, MAILBOX = "020 7946 0777", "in.confidence@example.org"


@pytest.fixture
def bearer(token: Any) -> str:
    """An officer's token with the scope of the catalogue."""
    return token(scopes=[Scope.CATALOGUE])


@pytest.fixture
def world(session: Session) -> None:
    """A secret refuge, a helpline for everybody, an adviser with a postcode, and a draft."""
    owner = factories.organisation(
        session, ["latin-american"], id="lantern", name="Lantern", by_and_for=True, email="hello@example.org"
    )
    refuge = factories.service(
        session,
        owner,
        id="quiet-house",
        name="A quiet house",
        location_disclosure=LocationDisclosure.SECRET,
        professional_phone=PROFESSIONAL,
        referral_email=MAILBOX,
        access_features=("step-free",),
        languages=("es",),
        verified_on=date(2026, 11, 1),
    )
    factories.unit(session, refuge, id="quiet-unit")
    factories.service(
        session, owner, name="B line", kind=ServiceKind.HELPLINE, areas=("uk",), borough_code=None, hours="", phone=""
    )
    factories.service(
        session,
        name="C advice",
        kind=ServiceKind.IMMIGRATION_ADVICE,
        needs=("immigration-advice",),
        location_disclosure=LocationDisclosure.PUBLIC,
        postcode="E8 3PN",
        latitude=51.5461,
        longitude=-0.0554,
        min_age=18,
        max_age=25,
        hours="Mo-Fr 09:00-17:00; PH off",
    )
    factories.service(session, owner, name="D draft", status=ListingStatus.DRAFT)


def names(answer: Any) -> list[str]:
    return [one["name"] for one in answer.get_json()["contents"]]


def test_services_are_those_that_are_published(call: Call, bearer: str, world: None) -> None:
    answer = call("GET", f"{V3}/services", bearer=bearer)

    assert names(answer) == ["A quiet house", "B line", "C advice"]
    found = answer.get_json()
    assert (found["total_items"], found["total_pages"], found["page_number"], found["size"]) == (3, 1, 1, 3)
    assert (found["first_page"], found["last_page"], found["empty"]) == (True, True, False)
    assert found["contents"][0]["organization"]["name"] == "Lantern"


def test_nothing_of_it_tells_where_a_secret_place_is(call: Call, bearer: str, world: None) -> None:
    answer = call("GET", f"{V3}/services", bearer=bearer)

    text = answer.get_data(as_text=True)
    for hidden in (PROFESSIONAL, MAILBOX, "quiet-unit", "latitude", "ringfence"):
        assert hidden not in text
    refuge, _, adviser = answer.get_json()["contents"]
    assert "addresses" not in refuge["service_at_locations"][0]["location"]
    assert "E8 3PN" in json.dumps(adviser["service_at_locations"])


FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({"search": "QUIET"}, ["A quiet house"]),
    ({"search": "%"}, []),
    ({"organization_id": uuid_of("organization", "lantern")}, ["A quiet house", "B line"]),
    ({"organization_id": "nobody"}, []),
    ({"taxonomy_term_id": uuid_of("term", "kinds", "helpline")}, ["B line"]),
    ({"taxonomy_term_id": uuid_of("term", "needs", "immigration-advice").upper()}, ["C advice"]),
    ({"taxonomy_term_id": "none"}, []),
    ({"taxonomy_id": uuid_of("taxonomy", "access_features")}, ["A quiet house"]),
    ({"taxonomy_id": "none"}, []),
    ({"minimum_age": "18"}, ["C advice"]),
    ({"maximum_age": "24"}, []),
    ({"page": "2", "per_page": "2"}, ["C advice"]),
    ({"page": "9"}, []),
]


def test_filters_are_those_of_the_standard(call: Call, bearer: str, world: None) -> None:
    for asked, found in FILTERS:
        assert names(call("GET", f"{V3}/services", bearer=bearer, query_string=asked)) == found, asked


def test_one_thing_is_what_the_list_says_of_it(call: Call, bearer: str, world: None) -> None:
    for kind in LISTS:
        for listed in call("GET", f"{V3}/{kind}", bearer=bearer).get_json()["contents"][:3]:
            assert call("GET", f"{V3}/{kind}/{listed['id']}", bearer=bearer).get_json() == listed


def test_terms_say_what_lies_above_them(call: Call, bearer: str, world: None) -> None:
    found = call("GET", f"{V3}/taxonomy_terms?per_page=100", bearer=bearer).get_json()["contents"]

    by_code = {(one["taxonomy"], one["code"]): one for one in found}
    assert by_code["Needs", "coercive-control"]["parent_id"] == by_code["Needs", "domestic-abuse"]["id"]
    assert len({one["id"] for one in found}) == len(found)


def test_what_this_is(call: Call, bearer: str) -> None:
    found = call("GET", f"{V3}/", bearer=bearer).get_json()

    assert found["version"] == "3.0"
    assert found["openapi_url"].endswith("/api/openapi.json")


UNREADABLE = {
    "page=abc": "page",
    "page=0": "page",
    "page=": "page",
    "page=" + "9" * 30: "page",
    "page=²": "page",
    "per_page=101": "per_page",
    "page=1&page=2": "page",
    "search=a%00b": "search",
    "search=" + "a" * 201: "search",
    "minimum_age=-1": "minimum_age",
    "start_time=09:00": "start_time",
}


def test_what_cannot_be_read_is_said_by_field(call: Call, bearer: str) -> None:
    for query, field in UNREADABLE.items():
        answer = call("GET", f"{V3}/services?{query}", bearer=bearer)

        assert answer.status_code == 422, query
        assert [problem["field"] for problem in answer.get_json()["errors"]] == [field]


def test_what_is_not_there_is_not_found(call: Call, bearer: str, session: Session) -> None:
    draft = factories.service(session, id="draft", status=ListingStatus.DRAFT)
    factories.organisation(session, id="hidden", status=ListingStatus.SUSPENDED)

    for path in (
        f"services/{uuid_of('service', draft.id)}",
        f"organizations/{uuid_of('organization', 'hidden')}",
        f"taxonomies/{uuid_of('taxonomy', 'none')}",
        f"taxonomy_terms/{uuid_of('term', 'needs', 'none')}",
        "services/draft",
    ):
        assert call("GET", f"{V3}/{path}", bearer=bearer).status_code == 404, path


def test_a_token_without_the_scope_reads_nothing(call: Call, token: Any) -> None:
    other = token(scopes=[Scope.SEARCH])
    for path in ("", *LISTS, f"services/{uuid_of('service', 'x')}"):
        assert call("GET", f"{V3}/{path}", bearer="").status_code == 401
        assert call("GET", f"{V3}/{path}", bearer=other).status_code == 403


def test_a_longer_list_needs_no_more_statements(call: Call, bearer: str, session: Session) -> None:
    def statements() -> int:
        seen: list[str] = []
        connection = session.connection()
        note = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", note)
        assert call("GET", f"{V3}/services?per_page=100", bearer=bearer).status_code == 200
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    factories.service(session, languages=("es",))
    few = statements()
    for _ in range(6):
        factories.service(session, languages=("es", "pt"), communities=("deaf",))

    assert statements() == few


def test_the_description_covers_whatever_is_answered(call: Call, bearer: str, world: None) -> None:
    """Every field that comes out is described: none slips in."""
    document = description()
    for kind in LISTS:
        schema = document["paths"][f"{V3}/{kind}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = call("GET", f"{V3}/{kind}", bearer=bearer).get_json()
        jsonschema_rs.validate({**schema, "components": document["components"]}, answer)


@pytest.mark.parametrize("path", [f"{V3}/services", f"{V3}/organizations/{{organization_id}}"])
def test_random_requests_get_the_promised_answers(app: Flask, bearer: str, world: None, path: str) -> None:
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", app)[path]["GET"]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {bearer}"}, checks=CHECKS)

    check()
