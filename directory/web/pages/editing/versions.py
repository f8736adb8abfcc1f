"""Every version of a listing: the list, one of them, two side by side, and making a listing say it again."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.undoing import restore_version
from directory.catalogue.versions.reading import Version, versions_of
from directory.common.errors import NotFoundError, RefusedError
from directory.editing.columns import label_of
from directory.editing.overview import ChangeKind, ListingKind
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.access import is_commissioner, kept_listing, listing_of, public_page, where_listed
from directory.web.pages.editing.blueprint import blueprint
from directory.web.pages.editing.contexts import DifferenceLine, KeptLine, Listing
from directory.web.pages.editing.history_contexts import (
    ComparePage,
    RestorePage,
    VersionLine,
    VersionPage,
    VersionsPage,
)
from directory.web.pages.editing.saying import Sayer, changed_columns, seen_by
from directory.web.pages.editing.words import CHANGE_WORDS, KIND_WORDS, by_whom, kind_of, kind_segment, number_of
from directory.web.rendering import render


@blueprint.get("/listings/<kind>/<listing_id>/versions")
@requires(Permission.LISTINGS_PROPOSE)
def versions(kind: str, listing_id: str) -> Response:
    """All of them, newest first."""
    listing, found = _history(kind, listing_id)
    lines = _lines(found)
    return render(
        VersionsPage(
            listing=listing,
            lines=lines,
            back=_back(kind_of(kind), listing_id),
            older=found[1].number if len(found) > 1 else 0,
            newer=found[0].number if found else 0,
        )
    )


@blueprint.get("/listings/<kind>/<listing_id>/versions/<number>")
@requires(Permission.LISTINGS_PROPOSE)
def version(kind: str, listing_id: str, number: str) -> Response:
    """What it said then."""
    listing, found = _history(kind, listing_id)
    chosen = _one(found, number)
    sayer = Sayer(chosen.kind)
    return render(
        VersionPage(
            listing=listing,
            line=_line_of(found, chosen),
            values=tuple(
                KeptLine(sayer.label(column), sayer.shown(column, chosen.values[column]))
                for column in seen_by(current.actor(), chosen.values)
            ),
            is_latest=chosen is found[0],
            may_restore=is_commissioner() and chosen is not found[0] and not chosen.removed,
        )
    )


@blueprint.get("/listings/<kind>/<listing_id>/versions/compare")
@requires(Permission.LISTINGS_PROPOSE)
def compare(kind: str, listing_id: str) -> Response:
    """Two of them, field by field, whichever is named first."""
    listing, found = _history(kind, listing_id)
    numbers = sorted(number_of(request.args.get(name, "")) for name in ("older", "newer"))
    older, newer = (_one(found, str(number)) for number in numbers)
    return render(
        ComparePage(
            listing=listing,
            older=_line_of(found, older),
            newer=_line_of(found, newer),
            fields=_differences(older.kind, older.values, newer.values),
        )
    )


@blueprint.get("/listings/<kind>/<listing_id>/versions/<number>/restore")
@requires(Permission.LISTINGS_REVIEW)
def ask_to_restore(kind: str, listing_id: str, number: str) -> Response:
    """Whether to make it say that again: what would change."""
    return _restore_page(kind, listing_id, number)


@blueprint.post("/listings/<kind>/<listing_id>/versions/<number>/restore")
@requires(Permission.LISTINGS_REVIEW)
def restore(kind: str, listing_id: str, number: str) -> ResponseReturnValue:
    """Make it say that again. Its status stays as it is."""
    session, wanted = current_session(), number_of(number)
    begin_writing(session)
    try:
        report = restore_version(session, kind_of(kind), listing_id, wanted, current.actor(), current.now())
    except RefusedError as error:
        session.rollback()
        return _restore_page(kind, listing_id, number, (str(error),))
    if report.refused:
        session.rollback()
        problems = tuple(
            f"{label_of(kind_of(kind), error.column)}: {error.message}" if error.column else error.message
            for error in report.errors
        )
        return _restore_page(kind, listing_id, number, problems)
    session.commit()
    flash(f"Version {wanted} is restored.")
    return redirect(url_for("editing.versions", kind=kind, listing_id=listing_id), 303)


def _restore_page(kind: str, listing_id: str, number: str, problems: tuple[str, ...] = ()) -> Response:
    listing, found = _history(kind, listing_id)
    chosen = _one(found, number)
    kept = {column: found[0].values.get(column, "") for column in ("status", "verified_on")}
    after = {**chosen.values, **{column: text for column, text in kept.items() if column in chosen.values}}
    page = RestorePage(
        listing=listing,
        line=_line_of(found, chosen),
        fields=_differences(chosen.kind, found[0].values, after),
        problems=problems,
    )
    return render(page, 409 if problems else 200)


def _history(kind: str, listing_id: str) -> tuple[Listing, Sequence[Version]]:
    """Which listing, and its versions; a commissioner sees those of one that was removed too. Else NotFoundError."""
    wanted = kind_of(kind)
    found = versions_of(current_session(), wanted, listing_id)
    try:
        return listing_of(kept_listing(wanted, listing_id)), found
    except NotFoundError:
        if not found or not is_commissioner():
            raise
    name = next((one.values.get("name", "") for one in found if not one.removed), "")
    return Listing(kind_segment(wanted), KIND_WORDS[wanted], listing_id, name or listing_id), found


def _one(found: Sequence[Version], number: str) -> Version:
    chosen = next((one for one in found if one.number == number_of(number)), None)
    if chosen is None:
        raise NotFoundError("There is no such version.")
    return chosen


def _lines(found: Sequence[Version]) -> tuple[VersionLine, ...]:
    before: list[Version | None] = [*found[1:], *([None] if found else [])]
    return tuple(_line(one, earlier) for one, earlier in zip(found, before, strict=True))


def _line_of(found: Sequence[Version], chosen: Version) -> VersionLine:
    earlier = next((older for newer, older in pairwise(found) if newer is chosen), None)
    return _line(chosen, earlier)


def _line(version: Version, earlier: Version | None) -> VersionLine:
    columns = changed_columns(earlier.values, version.values) if earlier is not None else []
    what = "Removed" if version.removed else CHANGE_WORDS[version.change_kind]
    if earlier is None and version.change_kind is not ChangeKind.FOUND:
        what = f"Added. {what}"
    return VersionLine(
        number=version.number,
        what=what,
        by=by_whom(version.made_by),
        at=version.at,
        labels=tuple(label_of(version.kind, column) for column in seen_by(current.actor(), columns)),
    )


def _differences(kind: ListingKind, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[DifferenceLine, ...]:
    sayer = Sayer(kind)
    lines = []
    for column in seen_by(current.actor(), changed_columns(before, after)):
        was, wanted = sayer.marked(column, before.get(column, ""), after.get(column, ""))
        lines.append(DifferenceLine(sayer.label(column), was, None, wanted, ""))
    return tuple(lines)


def _back(kind: ListingKind, listing_id: str) -> str:
    """The listing's own page, or the list in which it stands."""
    try:
        return public_page(kept_listing(kind, listing_id)) or where_listed()
    except NotFoundError:
        return where_listed()
