"""Bodies such as an edition holds, and the words behind their codes."""

from datetime import UTC, date, datetime
from typing import Any

from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.vocabulary import EditionState
from directory.publishing.formats.terms import Taxonomy, Term, Terms

HACKNEY, EALING = "E09000012", "E09000009"
PUBLISHED = datetime(2026, 12, 1, 9, 30, 15, 123456, tzinfo=UTC)


def service_body(**overrides: Any) -> dict[str, Any]:
    """A service with a public postcode; every key that an edition has."""
    body: dict[str, Any] = {
        "id": "lantern-advice",
        "organisation_id": "lantern",
        "organisation_name": "Lantern",
        "by_and_for": True,
        "name": "Lantern advice",
        "kind": "advocacy",
        "description": "Advice by telephone and in person.",
        "needs": ["domestic-abuse"],
        "communities": ["latin-american"],
        "languages": ["es", "pt"],
        "genders": ["woman"],
        "min_age": 16,
        "max_age": None,
        "accepts_nrpf": "yes",
        "areas": [HACKNEY, "london"],
        "location_disclosure": "public",
        "postcode": "E8 3PN",
        "borough": HACKNEY,
        "access_features": ["step-free"],
        "hours": "Mo-Fr 09:00-17:00; PH off",
        "phone": "020 7946 0001",
        "website": "https://lantern.example.org",
        "response_target_minutes": 120,
        "verified_on": "2026-11-01",
        "units": None,
        "bedspaces": None,
    }
    return body | overrides


def organisation_body(**overrides: Any) -> dict[str, Any]:
    """The organisation of that service."""
    body: dict[str, Any] = {
        "id": "lantern",
        "name": "Lantern",
        "description": "",
        "by_and_for": True,
        "communities": ["latin-american"],
        "website": "https://lantern.example.org",
        "phone": "020 7946 0002",
        "email": "hello@lantern.example.org",
        "charity_number": "1000001",
        "verified_on": None,
    }
    return body | overrides


def performance_body(texts: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Figures of that service for the third quarter of 2026, by measure and source."""
    return {"service_id": "lantern-advice", "quarters": {"2026-Q3": texts}}


def terms() -> Terms:
    """The words behind the codes above; `coercive-control` lies below `domestic-abuse`."""
    found = (
        Term(Taxonomy.NEEDS, "domestic-abuse", "Domestic abuse", "Abuse at home.", ""),
        Term(Taxonomy.NEEDS, "coercive-control", "Coercive control", "", "domestic-abuse"),
        Term(Taxonomy.COMMUNITIES, "latin-american", "Latin American", "", ""),
        Term(Taxonomy.ACCESS_FEATURES, "step-free", "Step-free entrance", "", ""),
    )
    return Terms({(term.taxonomy, term.code): term for term in found}, {HACKNEY: "Hackney", EALING: "Ealing"})


def edition(number: int = 3, **overrides: Any) -> EditionFacts:
    """A published edition, without a database."""
    facts: dict[str, Any] = {
        "id": number,
        "number": number,
        "state": EditionState.PUBLISHED,
        "as_of": date(2026, 12, 1),
        "prepared_by_id": 1,
        "signed_by_id": 2,
        "corrects_number": None,
        "content_hash": "4f" * 32,
        "seal": f"{number:02d}" * 32,
    }
    facts |= dict.fromkeys(("prepared_at", "signed_at", "published_at"), PUBLISHED)
    facts |= dict.fromkeys(("prepared_by", "signed_by", "note", "previous_seal"), "")
    facts |= {"organisations": 1, "services": 2, "units": 0, "bedspaces": 0, "warnings": 0}
    return EditionFacts(**facts | overrides)
