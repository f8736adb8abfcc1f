"""Organisations, services and terms as tests need them: published, open and complete unless a test says otherwise."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.catalogue.models import (
    AccessFeature,
    Community,
    Guidance,
    Need,
    Organisation,
    Service,
    ServiceArea,
    ServiceGender,
    ServiceLanguage,
)
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure, ServiceKind

_numbers = itertools.count(1)

HACKNEY = "E09000012"
SOUTHWARK = "E09000028"
EALING = "E09000009"

# Terms of `seed_data/taxonomies/`, under the same codes. code: (name, parent); a parent stands before its children.
NEEDS = {
    "domestic-abuse": ("Domestic abuse", None),
    "coercive-control": ("Coercive or controlling behaviour", "domestic-abuse"),
    "forced-marriage": ("Forced marriage", None),
    "immigration-advice": ("Immigration advice", None),
    "trafficking-and-exploitation": ("Trafficking and exploitation", None),
    "housing": ("Housing and safe accommodation", None),
    "refuge-space": ("Refuge", "housing"),
}
COMMUNITIES = {
    "black-and-minoritised": ("Black and minoritised women", None),
    "latin-american": ("Latin American", None),
    "deaf": ("Deaf people", None),
    "lgbt": ("LGBT+ people", None),
}
ACCESS_FEATURES = {
    "mobility": ("Mobility", None),
    "step-free": ("Step-free entrance", "mobility"),
    "hearing-loop": ("Hearing loop", None),
    "bsl-staff": ("Staff who sign", None),
}


def taxonomies(session: Session) -> None:
    """A handful of needs, communities and access features; once is enough, twice does no harm."""
    for model, terms in ((Need, NEEDS), (Community, COMMUNITIES), (AccessFeature, ACCESS_FEATURES)):
        for code, (name, parent) in terms.items():
            if session.get(model, code) is None:
                session.add(model(code=code, name=name, parent_code=parent))
                session.flush()


def organisation(session: Session, communities: Iterable[str] = (), **overrides: Any) -> Organisation:
    """A published organisation. `communities` are codes of `taxonomies`, which this loads when it must."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "id": f"organisation-{number}",
        "name": f"Organisation {number}",
        "by_and_for": False,
        "status": ListingStatus.PUBLISHED,
        "communities": terms(session, Community, communities),
    }
    made = Organisation(**values | overrides)
    session.add(made)
    session.flush()
    return made


def service(
    session: Session,
    owner: Organisation | None = None,
    *,
    needs: Iterable[str] = ("domestic-abuse",),
    communities: Iterable[str] = (),
    access_features: Iterable[str] = (),
    languages: Iterable[str] = (),
    genders: Iterable[str] = ("woman",),
    areas: Iterable[str] = ("london",),
    **overrides: Any,
) -> Service:
    """A published service for women that covers London, at borough precision in Hackney; by default a refuge."""
    number = next(_numbers)
    owner = owner or organisation(session)
    values: dict[str, Any] = {
        "id": f"service-{number}",
        "organisation": owner,
        "name": f"Service {number}",
        "kind": ServiceKind.REFUGE,
        "accepts_nrpf": AcceptsNrpf.NO,
        "location_disclosure": LocationDisclosure.BOROUGH,
        "borough_code": HACKNEY,
        "hours": "24/7",
        "phone": "020 7946 0000",
        "status": ListingStatus.PUBLISHED,
        "needs": terms(session, Need, needs),
        "communities": terms(session, Community, communities),
        "access_features": terms(session, AccessFeature, access_features),
        "languages": [ServiceLanguage(language=code) for code in languages],
        "genders": [ServiceGender(gender=Gender(word)) for word in genders],
        "areas": [ServiceArea(area=area) for area in areas],
    }
    made = Service(**values | overrides)
    session.add(made)
    session.flush()
    return made


def terms(session: Session, model: Any, codes: Iterable[str]) -> list[Any]:
    wanted = list(codes)
    found = [session.get(model, code) for code in wanted]
    if None in found:
        taxonomies(session)
        found = [session.get(model, code) for code in wanted]
    assert None not in found, f"No such term among {wanted}: add it to tests/factories/catalogue.py."
    return found


def guidance(session: Session, **overrides: Any) -> Guidance:
    """A short text in Markdown, last changed three weeks before the `now` of the tests."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "key": f"guidance-{number}",
        "title": f"Guidance {number}",
        "body": "Call [999](tel:999) in **danger**.",
        "updated_at": datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
    }
    made = Guidance(**values | overrides)
    session.add(made)
    session.flush()
    return made
