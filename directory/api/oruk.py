"""Open Referral UK 3.0: the published catalogue as it is now, for systems that speak that standard.

Nothing that only professionals may ring or write to is in it, no unit, and no place but public postcodes and boroughs.
"""

from flask import Blueprint, Response, current_app, jsonify, url_for

from directory.accounts.permissions import Scope
from directory.api.access import requires_scope
from directory.api.oruk_questions import PAGING, SERVICES, Asked, read_parameters
from directory.common.errors import NotFoundError
from directory.config import Settings
from directory.extensions import current_session
from directory.publishing.formats.identifiers import uuid_of
from directory.publishing.formats.live import (
    ServiceQuestion,
    list_organisations,
    list_services,
    organisation_id_of,
    organisations,
    service_by_uuid,
)
from directory.publishing.formats.oruk import (
    PROFILE,
    VERSION,
    Json,
    oruk_organisation,
    oruk_page,
    oruk_service,
    oruk_taxonomy,
    oruk_term,
)
from directory.publishing.formats.terms import Taxonomy, Term, Terms, read_terms
from directory.publishing.formats.words import Body

blueprint = Blueprint("oruk", __name__, url_prefix="/api/oruk/v3")


@blueprint.get("/")
@requires_scope(Scope.CATALOGUE)
def about() -> Response:
    """Which version of the standard this is."""
    return jsonify(
        {"version": VERSION, "profile": PROFILE, "openapi_url": _base_url() + url_for("api.openapi")},
    )


@blueprint.get("/services")
@requires_scope(Scope.CATALOGUE)
def services() -> Response:
    """Published services, fully nested, a page at a time."""
    asked = read_parameters(SERVICES)
    session = current_session()
    terms = read_terms(session)
    total, bodies = list_services(session, _question(asked, terms), asked.paging)
    return jsonify(oruk_page(_nested(bodies, terms), total, asked.paging))


@blueprint.get("/services/<service_id>")
@requires_scope(Scope.CATALOGUE)
def service(service_id: str) -> Response:
    """One service."""
    session = current_session()
    return jsonify(_nested([service_by_uuid(session, service_id)], read_terms(session))[0])


@blueprint.get("/organizations")
@requires_scope(Scope.CATALOGUE)
def organizations() -> Response:
    """Published organisations, a page at a time."""
    asked = read_parameters(PAGING)
    session = current_session()
    terms = read_terms(session)
    total, bodies = list_organisations(session, asked.paging)
    return jsonify(oruk_page([oruk_organisation(body, terms) for body in bodies], total, asked.paging))


@blueprint.get("/organizations/<organization_id>")
@requires_scope(Scope.CATALOGUE)
def organization(organization_id: str) -> Response:
    """One organisation."""
    session = current_session()
    own = organisation_id_of(session, organization_id)
    return jsonify(oruk_organisation(organisations(session, [own])[own], read_terms(session)))


@blueprint.get("/taxonomies")
@requires_scope(Scope.CATALOGUE)
def taxonomies() -> Response:
    """What listings are described with."""
    asked = read_parameters(PAGING)
    shown = asked.paging.slice(list(Taxonomy))
    return jsonify(oruk_page([oruk_taxonomy(one) for one in shown], len(Taxonomy), asked.paging))


@blueprint.get("/taxonomies/<taxonomy_id>")
@requires_scope(Scope.CATALOGUE)
def taxonomy(taxonomy_id: str) -> Response:
    """One taxonomy."""
    found = _taxonomy(taxonomy_id)
    if found is None:
        raise NotFoundError("There is no such taxonomy.")
    return jsonify(oruk_taxonomy(found))


@blueprint.get("/taxonomy_terms")
@requires_scope(Scope.CATALOGUE)
def taxonomy_terms() -> Response:
    """The terms of all taxonomies, a page at a time."""
    asked = read_parameters(PAGING)
    terms = _in_order(read_terms(current_session()))
    return jsonify(oruk_page([oruk_term(one) for one in asked.paging.slice(terms)], len(terms), asked.paging))


@blueprint.get("/taxonomy_terms/<term_id>")
@requires_scope(Scope.CATALOGUE)
def taxonomy_term(term_id: str) -> Response:
    """One term."""
    found = _term(read_terms(current_session()), term_id)
    if found is None:
        raise NotFoundError("There is no such term.")
    return jsonify(oruk_term(found))


def _nested(bodies: list[Body], terms: Terms) -> list[Json]:
    owners = organisations(current_session(), (body["organisation_id"] for body in bodies))
    return [oruk_service(body, owners.get(body["organisation_id"]), terms, _base_url()) for body in bodies]


def _question(asked: Asked, terms: Terms) -> ServiceQuestion:
    """What the database is asked. Identifiers that name nothing match nothing."""
    organisation = term = None
    if asked.organization_id is not None:
        try:
            organisation = organisation_id_of(current_session(), asked.organization_id)
        except NotFoundError:
            organisation = ""
    if asked.taxonomy_term_id is not None:
        found = _term(terms, asked.taxonomy_term_id)
        codes = terms.with_narrower(found.taxonomy, found.code) if found else frozenset()
        term = (found.taxonomy if found else Taxonomy.NEEDS, codes)
    if asked.taxonomy_id is not None and _taxonomy(asked.taxonomy_id) is None:
        term = (Taxonomy.NEEDS, frozenset[str]())
    return ServiceQuestion(
        text=asked.search,
        organisation_id=organisation,
        term=term,
        taxonomy=_taxonomy(asked.taxonomy_id) if asked.taxonomy_id is not None else None,
        youngest_at_least=asked.minimum_age,
        oldest_at_most=asked.maximum_age,
    )


def _taxonomy(uuid: str) -> Taxonomy | None:
    return next((one for one in Taxonomy if uuid_of("taxonomy", one) == uuid.lower()), None)


def _term(terms: Terms, uuid: str) -> Term | None:
    return next((one for one in _in_order(terms) if uuid_of("term", one.taxonomy, one.code) == uuid.lower()), None)


def _in_order(terms: Terms) -> list[Term]:
    return [term for taxonomy in Taxonomy for term in terms.of(taxonomy)]


def _base_url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url.rstrip("/")
