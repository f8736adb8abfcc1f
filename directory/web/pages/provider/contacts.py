"""Who is reminded of a service's entries. A provider keeps its own services' contacts, a commissioner everybody's."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.catalogue.queries import ServiceFacts, read_service
from directory.common.errors import InvalidInputError, NotFoundError
from directory.extensions import begin_writing, current_session
from directory.upkeep.contacts import contacts_of, save_contacts
from directory.upkeep.links import revoke_links
from directory.web import current
from directory.web.access import requires
from directory.web.forms import show_problems
from directory.web.pages.provider.blueprint import blueprint
from directory.web.pages.provider.contact_forms import ContactsForm, filled_form
from directory.web.pages.provider.contexts import ContactsPage
from directory.web.rendering import render


@blueprint.get("/contacts/<service_id>")
@requires(Permission.CONTACTS_KEEP)
def contacts(service_id: str) -> Response:
    """The form with the contacts as they are."""
    service = _service(service_id)
    return _page(service, filled_form(contacts_of(current_session(), service.id)))


@blueprint.post("/contacts/<service_id>")
@requires(Permission.CONTACTS_KEEP)
def save(service_id: str) -> ResponseReturnValue:
    """Keep them as they were filled in."""
    session, form = current_session(), ContactsForm()
    begin_writing(session)
    service = _service(service_id)
    if not form.validate_on_submit():
        return _page(service, form)
    first, second = form.wanted("first"), form.wanted("second")
    try:
        save_contacts(session, service.id, first, second, current.actor(), current.now())
    except InvalidInputError as error:
        session.rollback()
        show_problems(form, error.problems)
        return _page(service, form)
    session.commit()
    flash("Saved. The next reminder goes there.")
    return redirect(url_for("provider.contacts", service_id=service.id), 303)


@blueprint.post("/contacts/<service_id>/cancel-links")
@requires(Permission.CONTACTS_KEEP)
def cancel_links(service_id: str) -> ResponseReturnValue:
    """Make every link useless that was sent for this service and has not been used."""
    session = current_session()
    begin_writing(session)
    service = _service(service_id)
    number = revoke_links(session, service.id, current.actor(), current.now())
    session.commit()
    flash(f"{number} link{' is' if number == 1 else 's are'} cancelled." if number else "No link was out.")
    return redirect(url_for("provider.contacts", service_id=service.id), 303)


def _service(service_id: str) -> ServiceFacts:
    """A service whose contacts the person may keep. Raises NotFoundError for every other: others are not told apart."""
    service, actor, person = read_service(current_session(), service_id, drafts=True), current.actor(), current.person()
    oversees = person is not None and person.may(Permission.FRESHNESS_VIEW)
    if not oversees and service.organisation_id != actor.organisation_id:
        raise NotFoundError("Your organisation has no such service.")
    return service


def _page(service: ServiceFacts, form: ContactsForm) -> Response:
    found = contacts_of(current_session(), service.id)
    person = current.person()
    oversees = person is not None and person.may(Permission.FRESHNESS_VIEW)
    return render(
        ContactsPage(
            form=form,
            service_id=service.id,
            service_name=service.name,
            fallback_first=tuple(found.fallback_first),
            fallback_second=tuple(found.fallback_second),
            back_url=url_for("freshness.report") if oversees else url_for("provider.page"),
            back_text="Freshness" if oversees else "Your units",
        )
    )
