"""Making the form of a listing, reading it back, and the page that it stands on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for

from directory.capacity.current import CurrentListing
from directory.editing.fields import EditableField, fields_for
from directory.editing.overview import ListingKind
from directory.extensions import current_session
from directory.search.choices import Choices, read_choices
from directory.web import current
from directory.web.pages.editing.access import is_commissioner, listing_of, where_listed
from directory.web.pages.editing.contexts import FormPage, KeptLine
from directory.web.pages.editing.forms import ListingForm
from directory.web.pages.editing.saying import Sayer, seen_by
from directory.web.pages.editing.sections import parts_of
from directory.web.pages.editing.words import kind_segment

# What commissioners keep of each kind, and its provider may read.
_KEPT: dict[ListingKind, tuple[str, ...]] = {
    ListingKind.ORGANISATION: ("status", "verified_on"),
    ListingKind.SERVICE: ("status", "verified_on"),
    ListingKind.UNIT: ("ringfence", "active_from", "active_until"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a form: `listing` is None for a new one, whose owner is `owner_id` (empty where none)."""

    kind: ListingKind
    heading: str
    action: str
    listing: CurrentListing | None = None
    owner_id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A form with the fields that it has, and what can be chosen in it."""

    form: ListingForm
    fields: Sequence[EditableField]
    choices: Choices


def new_form(kind: ListingKind, values: Mapping[str, str]) -> Made:
    """An empty form for the person who asks; `values` is what the listing says already."""
    session = current_session()
    fields, choices = fields_for(session, kind, current.actor().role), read_choices(session)
    form = ListingForm(formdata=None)
    form.offer(fields, {choice.code for choice in choices.languages}, values)
    return Made(form, fields, choices)


def posted_form(kind: ListingKind, values: Mapping[str, str]) -> Made:
    """The form as it was sent."""
    made = new_form(kind, values)
    made.form.process(request.form)
    return made


def form_page(made: Made, setting: Setting, problem: str = "") -> FormPage:
    """The page with the form; `problem` says why nothing was saved."""
    return FormPage(
        form=made.form,
        heading=setting.heading,
        action=setting.action,
        back=where_listed(),
        parts=parts_of(made.form, setting.kind, made.fields, made.choices),
        kept=_kept(setting.listing),
        may_approve=is_commissioner(),
        is_new=setting.listing is None,
        note=setting.note,
        problem=problem,
    )


def setting_of(listing: CurrentListing, note: str = "") -> Setting:
    """What stands around the form of a listing that there is."""
    return Setting(
        kind=listing.kind,
        heading=f"Edit {listing_of(listing).name}",
        action=url_for("editing.form", kind=kind_segment(listing.kind), listing_id=listing.id),
        listing=listing,
        note=note,
    )


def _kept(listing: CurrentListing | None) -> tuple[KeptLine, ...]:
    """What the provider may read and not change; commissioners have these in their form, or on the page of statuses."""
    if listing is None or is_commissioner():
        return ()
    sayer = Sayer(listing.kind)
    columns = seen_by(current.actor(), _KEPT[listing.kind])
    return tuple(KeptLine(sayer.label(name), sayer.shown(name, listing.values.get(name, ""))) for name in columns)
