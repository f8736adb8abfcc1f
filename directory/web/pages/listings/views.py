"""Organisations, services and units as signed-in people see them."""

from flask import Blueprint, Response, abort

from directory.accounts.permissions import Permission
from directory.capacity.overdue import RANKED_LAST_FROM
from directory.capacity.queries import units_of
from directory.catalogue.guidance import read_guidance
from directory.catalogue.hours import state_now, week_of
from directory.catalogue.queries import ServiceFacts, read_organisation, read_service
from directory.catalogue.versions.reading import last_edited
from directory.catalogue.vocabulary import ListingStatus
from directory.editing.overview import ListingKind
from directory.extensions import current_session
from directory.places.lookup import all_boroughs
from directory.publishing.performance.reading import usual_answers
from directory.upkeep.freshness import unanswered_of
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.keeping import keeping
from directory.web.pages.holds.holding import holding
from directory.web.pages.listings.contexts import OrganisationPage, ServicePage, UnitLine, UnitPage
from directory.web.pages.listings.presenting import (
    for_whom,
    location_in_words,
    nrpf_in_words,
    unit_line,
    unpublished_word,
)
from directory.web.rendering import render

blueprint = Blueprint("listings", __name__)

GUIDANCE_KEY = "safe-to-share"


@blueprint.get("/organisations/<organisation_id>")
@requires(Permission.CATALOGUE_VIEW)
def organisation(organisation_id: str) -> Response:
    """An organisation and what it offers."""
    drafts = _may(Permission.DRAFTS_VIEW)
    facts = read_organisation(current_session(), organisation_id, drafts=drafts)
    return render(
        OrganisationPage(
            organisation=facts,
            unpublished=unpublished_word(facts.status),
            unpublished_services={line.id: unpublished_word(line.status) for line in facts.services},
            source=facts.source if drafts else "",
            last_changed=last_edited(current_session(), ListingKind.ORGANISATION, facts.id),
            keeping=keeping("organisations", facts.id, facts.id, published=facts.status is ListingStatus.PUBLISHED),
        )
    )


@blueprint.get("/services/<service_id>")
@requires(Permission.CATALOGUE_VIEW)
def service(service_id: str) -> Response:
    """A service: how to reach it first, then everything else."""
    facts = _service(service_id)
    return render(
        ServicePage(
            service=facts,
            unpublished=unpublished_word(facts.status),
            open_state=state_now(facts.hours, current.now()),
            week=week_of(facts.hours, current.now()),
            for_whom=for_whom(facts),
            accepts_nrpf=nrpf_in_words(facts),
            location=location_in_words(facts),
            units=_units(facts) if facts.is_refuge and _may(Permission.AVAILABILITY_VIEW) else None,
            holding=holding(),
            keeping=keeping(
                "services", facts.id, facts.organisation_id, published=facts.status is ListingStatus.PUBLISHED
            ),
            last_changed=last_edited(current_session(), ListingKind.SERVICE, facts.id),
            usually=usual_answers(current_session(), (facts.id,), current.now()).get(facts.id, ""),
            not_confirmed=RANKED_LAST_FROM in unanswered_of(current_session(), facts.id).values(),
            guidance=read_guidance(current_session(), GUIDANCE_KEY),
            now=current.now(),
        )
    )


@blueprint.get("/services/<service_id>/units/<unit_id>")
@requires(Permission.AVAILABILITY_VIEW)
def unit(service_id: str, unit_id: str) -> Response:
    """One unit of a refuge."""
    facts = _service(service_id)
    line = next((line for line in _units(facts) if line.unit.id == unit_id), None)
    if line is None:
        abort(404)
    return render(
        UnitPage(
            line=line,
            service_id=facts.id,
            service_name=facts.name,
            unpublished=unpublished_word(facts.status),
            phone=facts.phone,
            professional_phone=facts.professional_phone,
            open_state=state_now(facts.hours, current.now()),
            guidance=read_guidance(current_session(), GUIDANCE_KEY),
            verified_on=facts.verified_on,
            holding=holding(),
            keeping=keeping("units", line.unit.id, facts.organisation_id, published=False),
            now=current.now(),
        )
    )


def _may(permission: Permission) -> bool:
    person = current.person()
    return person is not None and person.may(permission)


def _service(service_id: str) -> ServiceFacts:
    return read_service(current_session(), service_id, drafts=_may(Permission.DRAFTS_VIEW))


def _units(facts: ServiceFacts) -> tuple[UnitLine, ...]:
    boroughs = {borough.code: borough.name for borough in all_boroughs(current_session())}
    return tuple(unit_line(unit, boroughs) for unit in units_of(current_session(), facts.id, current.moment()))
