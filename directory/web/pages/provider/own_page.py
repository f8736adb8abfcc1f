"""The provider's own page, as it is shown at first and again after something that could not be done."""

from collections.abc import Mapping

from flask import Response

from directory.capacity.own_units import units_of_organisation
from directory.catalogue.queries import read_organisation, read_service
from directory.catalogue.vocabulary import ListingStatus
from directory.extensions import current_session
from directory.upkeep.due import due_items
from directory.web import current
from directory.web.pages.provider.contexts import OwnService
from directory.web.pages.provider.presenting import provider_page
from directory.web.rendering import render


def own_page(problem: str = "", shown: Mapping[str, str] | None = None) -> Response:
    """The page as things are now. `problem` says what could not be done; `shown` is what the page said before."""
    moment, actor = current.moment(), current.actor()
    units = units_of_organisation(current_session(), actor.organisation_id, moment)
    page = provider_page(units, own_services(), actor.reference, moment.now, problem, shown)
    return render(page, 409 if problem else 200)


def own_services() -> list[OwnService]:
    """The services of the reader's organisation that have not been withdrawn, drafts too."""
    session, organisation_id = current_session(), current.actor().organisation_id
    if organisation_id is None:
        return []
    lines = read_organisation(session, organisation_id, drafts=True).services
    own = {line.id: line.name for line in lines if line.status is not ListingStatus.WITHDRAWN}
    due = {one.id for one in due_items(session, current.moment(), own) if one.listing}
    return [
        OwnService(
            id=service_id,
            name=name,
            is_due=service_id in due,
            verified_on=read_service(session, service_id).verified_on if service_id in due else None,
        )
        for service_id, name in own.items()
    ]
