"""POST /api/v1/search: the contract of design section 5, and everything that a program could send wrong."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.accounts.permissions import Scope
from directory.capacity.models import RingFence
from directory.catalogue.vocabulary import AcceptsNrpf, ServiceKind
from tests import factories
from tests.api.conftest import Call

PATH = "/api/v1/search"


def test_a_question_is_answered_with_the_names_of_the_contract(session: Session, call: Call) -> None:
    refuge = factories.service(session, needs=["domestic-abuse"], languages=["bn"])
    unit = factories.unit(session, refuge)

    response = call("POST", PATH, json={"near": "E8 3", "need": ["domestic-abuse"], "adults": 1, "child": ["4f"]})

    assert response.status_code == 200
    answer = response.get_json()
    assert set(answer) == {"total", "page", "per_page", "place", "results", "conditional", "near_misses"}
    assert (answer["total"], answer["page"], answer["per_page"]) == (1, 1, 20)
    assert answer["place"] == {"name": "E8 3", "kind": "sector", "borough_codes": [factories.HACKNEY, "E09000030"]}
    (result,) = answer["results"]
    assert result["service"]["id"] == refuge.id
    assert result["organisation"]["id"] == refuge.organisation_id
    assert [one["id"] for one in result["units"]] == [unit.id]
    assert result["units"][0]["available"] is True
    assert result["distance_miles"] in {1, 2, 3, 5, 10}
    assert result["score"] == pytest.approx(sum(reason["weight"] for reason in result["reasons"]))


def test_an_empty_question_asks_for_everything(session: Session, call: Call) -> None:
    factories.service(session, kind=ServiceKind.HELPLINE)

    answer = call("POST", PATH, json={}).get_json()

    assert answer["total"] == 1
    assert answer["place"] is None


@pytest.mark.parametrize("asked", [True, False])
def test_no_answer_shows_what_a_unit_is_funded_for(session: Session, call: Call, asked: bool) -> None:
    refuge = factories.service(session, accepts_nrpf=AcceptsNrpf.YES)
    for number, ringfence in enumerate(RingFence):
        factories.unit(session, refuge, id=f"twin-{number}", ringfence=ringfence, programme="LONDON-SAFE")

    text = call("POST", PATH, json={"adults": 1, "nrpf": asked}).get_data(as_text=True)

    for telling in ("ringfence", "ring-fence", "nrpf", "programme", "LONDON-SAFE"):
        assert telling not in text
    units = json.loads(text)["results"][0]["units"]
    alike = [{name: value for name, value in unit.items() if name != "id"} for unit in units]
    assert len(units) == (2 if asked else 1)
    assert all(one == alike[0] for one in alike)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"near": "Nowhere at all"}, "near"),
    ({"near": 5}, "near"),
    ({"near": "x" * 201}, "near"),
    ({"near": "E8\x00"}, "near"),
    ({"near": "\ud800"}, "near"),
    ({"near": "Hackney", "within": 0}, "within"),
    ({"near": "Hackney", "within": -3}, "within"),
    ({"near": "Hackney", "within": "5"}, "within"),
    ({"near": "Hackney", "within": True}, "within"),
    ({"near": "Hackney", "within": 10**400}, "within"),
    ({"within": 5}, "within"),
    ({"avoid": ["Atlantis"]}, "avoid"),
    ({"avoid": "Hackney"}, "avoid"),
    ({"avoid": [[]]}, "avoid"),
    ({"adults": 0}, "adults"),
    ({"adults": -1}, "adults"),
    ({"adults": 1.5}, "adults"),
    ({"adults": "2"}, "adults"),
    ({"adults": True}, "adults"),
    ({"adults": 10**30}, "adults"),
    ({"child": ["18f"]}, "child"),
    ({"child": ["4"]}, "child"),
    ({"child": ["4x"]}, "child"),
    ({"child": ["٤f"]}, "child"),
    ({"child": ["4f"] * 51}, "child"),
    ({"gender": "women"}, "gender"),
    ({"age": 121}, "age"),
    ({"need": ["no-such-need"]}, "need"),
    ({"need": [""]}, "need"),
    ({"language": ["klingon"]}, "language"),
    ({"community": ["nobody"]}, "community"),
    ({"access": ["teleport"]}, "access"),
    ({"by_and_for": "yes"}, "by_and_for"),
    ({"nrpf": 1}, "nrpf"),
    ({"space": "true"}, "space"),
    ({"open": []}, "open"),
    ({"kind": ["hostel"]}, "kind"),
    ({"must": ["nrpf"]}, "must"),
    ({"prefer_distance": "medium"}, "prefer_distance"),
    ({"page": 0}, "page"),
    ({"per_page": 101}, "per_page"),
    ({"per_page": 0}, "per_page"),
    ({"nationality": "any"}, "nationality"),
    ({"": 1}, ""),
]


@pytest.mark.parametrize(
    ("question", "field"), WRONG, ids=lambda value: str(value)[:40].encode("ascii", "replace").decode()
)
def test_each_bad_value_is_named(session: Session, call: Call, question: dict[str, Any], field: str) -> None:
    response = call("POST", PATH, data=json.dumps(question), content_type="application/json")

    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == [field]
    assert all(error["message"] for error in response.get_json()["errors"])


def test_all_problems_are_listed_at_once(call: Call) -> None:
    errors = call("POST", PATH, json={"near": "Hayes", "adults": 0, "child": ["x"], "page": -1}).get_json()["errors"]

    assert [error["field"] for error in errors] == ["near", "adults", "child", "page"]


def test_a_name_of_two_places_comes_back_with_the_choices(call: Call) -> None:
    (error,) = call("POST", PATH, json={"near": "Hayes"}).get_json()["errors"]

    assert error["allowed"] == ["Hayes, Bromley", "Hayes, Hillingdon"]
    for choice in error["allowed"]:
        assert call("POST", PATH, json={"near": choice}).get_json()["place"]["name"] == choice


@pytest.mark.parametrize(
    "body",
    [
        *[b"", b"{", b"[]", b'"text"', b"null", b"5", b"\xff\xfe", b'{"adults": NaN}', b'{"adults": 1, "adults": 2}'],
        *[b"[" * 60_000, b'{"near": ' + b"[" * 20_000, b'{"adults": ' + b"9" * 5_000 + b"}"],
    ],
    ids=range(12),
)
def test_what_is_not_a_json_object_is_unreadable(call: Call, body: bytes) -> None:
    assert call("POST", PATH, data=body, content_type="application/json").status_code == 400


def test_a_body_that_is_too_large_is_refused(call: Call) -> None:
    assert call("POST", PATH, data=b" " * 70_000).status_code == 413
    assert call("POST", PATH, data=b" " * 300_000).status_code == 413


def test_a_search_is_never_fetched_by_get(call: Call) -> None:
    response = call("GET", PATH)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("bearer", ["", "nonsense", "sd_" + "x" * 43, "x" * 5_000])
def test_without_a_token_that_counts_there_is_no_answer(call: Call, bearer: str) -> None:
    response = call("POST", PATH, json={}, headers={"Authorization": f"Bearer {bearer}"}, bearer="")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_opens_only_its_scopes(call: Call, token: Callable[..., str]) -> None:
    narrow = token(scopes=[Scope.AVAILABILITY])

    assert call("POST", PATH, json={}, bearer=narrow).status_code == 403
    assert call("GET", "/api/v1/availability", bearer=narrow).status_code == 200


def test_a_token_allows_no_more_than_its_holders_role(call: Call, token: Callable[..., str]) -> None:
    assert call("POST", PATH, json={}, bearer=token("auditor")).status_code == 403


def test_an_unknown_address_has_the_same_error_body(call: Call) -> None:
    assert call("GET", "/api/v1/nothing").status_code == 404


def test_the_page_past_the_end_is_empty(session: Session, call: Call) -> None:
    factories.service(session, kind=ServiceKind.HELPLINE)

    answer = call("POST", PATH, json={"page": 999_999_999}).get_json()

    assert answer["total"] == 1
    assert answer["results"] == answer["conditional"] == answer["near_misses"] == []
