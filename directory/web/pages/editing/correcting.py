"""Suggesting a correction: anybody who is signed in says of one field of a published listing what is right."""

from collections.abc import Sequence

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.current import CurrentListing
from directory.common.errors import InvalidInputError, NotFoundError, RefusedError
from directory.editing.corrections import listing_to_correct
from directory.editing.errors import ChangedMeanwhileError
from directory.editing.fields import EditableField, correctable_fields
from directory.editing.overview import ListingKind
from directory.editing.proposals import correct as suggest
from directory.extensions import begin_writing, current_session
from directory.search.choices import read_choices
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.access import listing_of
from directory.web.pages.editing.blueprint import blueprint
from directory.web.pages.editing.contexts import CorrectionField, CorrectionFieldsPage, CorrectionPage
from directory.web.pages.editing.forming import Made
from directory.web.pages.editing.forms import ListingForm, write_seen
from directory.web.pages.editing.proposing import show, status_of
from directory.web.pages.editing.saying import Sayer
from directory.web.pages.editing.sections import field_view, groups_of
from directory.web.pages.editing.words import kind_of, kind_segment
from directory.web.rendering import render

_CHANGED = "Somebody has changed this meanwhile. Look at what it says now; send yours again if that is still wrong."


@blueprint.get("/listings/<kind>/<listing_id>/correct")
@requires(Permission.CORRECTIONS_SUGGEST)
def correct(kind: str, listing_id: str) -> Response:
    """Which field is wrong."""
    listing, fields = _published(kind, listing_id)
    sayer = Sayer(listing.kind)
    return render(
        CorrectionFieldsPage(
            listing=listing_of(listing),
            back=_address(listing),
            fields=tuple(
                CorrectionField(
                    field.label,
                    sayer.shown(field.column, listing.values.get(field.column, "")),
                    _field_address(listing, field.column),
                )
                for field in fields
            ),
        )
    )


@blueprint.get("/listings/<kind>/<listing_id>/correct/<column>")
@requires(Permission.CORRECTIONS_SUGGEST)
def correct_field(kind: str, listing_id: str, column: str) -> Response:
    """What it should say."""
    listing, fields = _published(kind, listing_id)
    field = _field(fields, column)
    made = _form(field, listing)
    made.form.fill(listing.values, seen=write_seen([field], listing.values))
    return render(_page(made, listing, field))


@blueprint.post("/listings/<kind>/<listing_id>/correct/<column>")
@requires(Permission.CORRECTIONS_SUGGEST)
def suggest_correction(kind: str, listing_id: str, column: str) -> ResponseReturnValue:
    """Send it to the commissioner."""
    session = current_session()
    begin_writing(session)
    listing, fields = _published(kind, listing_id)
    field = _field(fields, column)
    made = _form(field, listing)
    made.form.process(request.form)
    if not made.form.validate():
        return render(_page(made, listing, field))
    try:
        made_proposal = suggest(
            session,
            listing.kind,
            listing.id,
            field.column,
            made.form.texts()[field.column],
            made.form.explanation.data or "",
            current.actor(),
            current.now(),
            seen=(made.form.seen_values() or {}).get(field.column),
        )
    except ChangedMeanwhileError:
        session.rollback()
        made.form.renew("seen", write_seen([field], listing.values))
        return render(_page(made, listing, field, _CHANGED), 409)
    except (InvalidInputError, RefusedError) as error:
        session.rollback()
        return render(_page(made, listing, field, show(made, error)), status_of(error))
    session.commit()
    return redirect(url_for("editing.sent", number=made_proposal.id), 303)


def _published(kind: str, listing_id: str) -> tuple[CurrentListing, Sequence[EditableField]]:
    """A listing that everybody may look at, and what can be corrected of it. Raises NotFoundError for all others."""
    session, wanted = current_session(), kind_of(kind)
    fields = correctable_fields(session, wanted)
    if not fields:
        raise NotFoundError("There is no such page.")
    return listing_to_correct(session, wanted, listing_id, current.actor()), fields


def _field(fields: Sequence[EditableField], column: str) -> EditableField:
    found = next((field for field in fields if field.column.replace("_", "-") == column), None)
    if found is None:
        raise NotFoundError("There is no such page.")
    return found


def _form(field: EditableField, listing: CurrentListing) -> Made:
    choices = read_choices(current_session())
    form = ListingForm(formdata=None)
    form.offer([field], {choice.code for choice in choices.languages}, listing.values)
    return Made(form, [field], choices)


def _page(made: Made, listing: CurrentListing, field: EditableField, problem: str = "") -> CorrectionPage:
    return CorrectionPage(
        form=made.form,
        listing=listing_of(listing),
        action=_field_address(listing, field.column),
        back=url_for("editing.correct", kind=kind_segment(listing.kind), listing_id=listing.id),
        label=field.label,
        value=Sayer(listing.kind).shown(field.column, listing.values.get(field.column, "")),
        view=field_view(made.form, field, groups_of(made.choices)),
        problem=problem,
    )


def _field_address(listing: CurrentListing, column: str) -> str:
    return url_for(
        "editing.correct_field",
        kind=kind_segment(listing.kind),
        listing_id=listing.id,
        column=column.replace("_", "-"),
    )


def _address(listing: CurrentListing) -> str:
    if listing.kind is ListingKind.ORGANISATION:
        return url_for("listings.organisation", organisation_id=listing.id)
    return url_for("listings.service", service_id=listing.id)
