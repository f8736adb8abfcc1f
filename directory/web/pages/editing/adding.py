"""Adding a listing that is not there yet: a draft once it is approved, a unit closed."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import InvalidInputError, NotFoundError, RefusedError
from directory.editing.facts import ProposalView
from directory.editing.overview import ListingKind
from directory.editing.proposals import propose_new
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.access import is_commissioner, kept_listing, where_listed
from directory.web.pages.editing.blueprint import blueprint
from directory.web.pages.editing.forming import Made, Setting, form_page, new_form, posted_form
from directory.web.pages.editing.proposing import finish, note_of, number_in, proposal_asked_for, show, status_of
from directory.web.pages.editing.words import kind_of, kind_segment
from directory.web.rendering import render

_OWNER_COLUMN = {ListingKind.SERVICE: "organisation_id", ListingKind.UNIT: "service_id"}


@blueprint.get("/listings/<kind>/new")
@requires(Permission.LISTINGS_PROPOSE)
def new(kind: str) -> Response:
    """The empty form; changing a proposal again, with what that one wanted. `owner` is whose it will be."""
    again = proposal_asked_for("")
    setting = _setting(kind_of(kind), again)
    made = new_form(setting.kind, {})
    made.form.fill(
        {field.column: field.wanted for field in again.fields} if again else {},
        replaces=str(again.line.id) if again else "",
        explanation=again.explanation if again else "",
    )
    return render(form_page(made, setting))


@blueprint.post("/listings/<kind>/new")
@requires(Permission.LISTINGS_PROPOSE)
def add(kind: str) -> ResponseReturnValue:
    """Propose it."""
    session = current_session()
    begin_writing(session)
    setting = _setting(kind_of(kind), None)
    made = posted_form(setting.kind, {})
    if not made.form.validate():
        return render(form_page(made, setting))
    return _add(made, setting)


def _add(made: Made, setting: Setting) -> ResponseReturnValue:
    session = current_session()
    try:
        proposed = propose_new(
            session,
            setting.kind,
            owner_id=setting.owner_id or None,
            wanted=made.form.texts(),
            explanation=made.form.explanation.data or "",
            actor=current.actor(),
            now=current.now(),
            replaces=number_in(made.form.replaces.data) or None,
        )
        return finish(proposed, 0, where_listed())
    except (InvalidInputError, RefusedError) as error:
        session.rollback()
        return render(form_page(made, setting, show(made, error)), status_of(error))


def _setting(kind: ListingKind, again: ProposalView | None) -> Setting:
    """What stands around the form. Raises NotFoundError where this person cannot add such a listing there."""
    if again is not None and not (again.line.is_new and again.line.kind is kind):
        raise NotFoundError("There is no such proposal.")
    owner_id = _owner_of(again) if again else request.args.get("owner", "")
    if not owner_id.isprintable():
        raise NotFoundError("There is no such page.")
    heading = {
        ListingKind.ORGANISATION: "Add an organisation",
        ListingKind.SERVICE: "Add a service",
        ListingKind.UNIT: "Add a unit",
    }[kind]
    if kind is ListingKind.ORGANISATION:
        if not is_commissioner():
            raise NotFoundError("There is no such page.")
        owner_id = ""
    else:
        if kind is ListingKind.SERVICE and not is_commissioner():
            owner_id = current.actor().organisation_id or ""
        owner = kept_listing(ListingKind.ORGANISATION if kind is ListingKind.SERVICE else ListingKind.SERVICE, owner_id)
        heading = f"{heading} {'of' if kind is ListingKind.SERVICE else 'in'} {owner.values['name']}"
    action = url_for("editing.new", kind=kind_segment(kind), owner=owner_id or None)
    return Setting(kind, heading, action, owner_id=owner_id, note=note_of(again))


def _owner_of(again: ProposalView) -> str:
    """Whose the proposed listing will be: for a unit its service, else the organisation."""
    column = _OWNER_COLUMN.get(again.line.kind)
    wanted = {field.column: field.wanted for field in again.fields}
    return wanted.get(column or "", again.line.organisation_id)
