"""What was found in sheets, and what changes did, in words."""

from collections.abc import Callable, Iterable, Sequence

from flask import url_for

from directory.common.paging import Paging
from directory.editing.bulk.history import Became, ChangedListing, ChangeLine, WhatChanged
from directory.editing.bulk.results import Check, CheckedRow, FieldChange, Verdict
from directory.editing.bulk.staging import Staged
from directory.editing.fields import label_of, wording
from directory.editing.overview import ListingKind
from directory.extensions import current_session
from directory.web.forms import BaseForm
from directory.web.pages.bulk.contexts import (
    ChangeRow,
    CheckPage,
    Difference,
    FilterLine,
    ListingLine,
    RowLine,
)
from directory.web.pages.bulk.words import BECAME, BECAME_COLOURS, CHANGES, COLOURS, KINDS, ONE, VERDICTS, counted

PER_PAGE = 50
ALL = "all"
# A description can have thousands of characters; where it differs, its beginning mostly tells.
_LONGEST = 240
Say = Callable[[str, str], str]
_FILTERS: tuple[tuple[str, str, frozenset[Verdict]], ...] = (
    (ALL, "All changes and errors", frozenset(Verdict) - {Verdict.UNCHANGED}),
    ("errors", "Errors", frozenset({Verdict.FAULTY})),
    ("new", "New", frozenset({Verdict.ADDED})),
    ("changed", "Changed", frozenset({Verdict.CHANGED})),
)


def check_page(staged: Staged, check: Check, form: BaseForm, show: str, page: int) -> CheckPage:
    """One page of a dry run: the rows of one filter."""
    counts = check.counts()
    show = show if show in {name for name, _, _ in _FILTERS} else ALL
    wanted = next(verdicts for name, _, verdicts in _FILTERS if name == show)
    found = [row for row in check.rows if row.verdict in wanted]
    pages = Paging(1, PER_PAGE).pages(len(found))
    paging = Paging(min(page, pages), PER_PAGE)
    say = _wording(staged.kind)
    return CheckPage(
        form=form,
        sheet_id=staged.id,
        kind=KINDS[staged.kind],
        at=check.at,
        summary=tuple((_COUNTED[verdict], f"{counts[verdict]:,}") for verdict in _COUNTED),
        problems=check.problems,
        remarks=staged.sheet.remarks,
        filters=tuple(
            FilterLine(words, sum(counts[one] for one in verdicts), f"{name}.1", name == show)
            for name, words, verdicts in _FILTERS
        ),
        rows=tuple(_row(staged, row, say) for row in paging.slice(found)),
        show=show,
        page=paging.page,
        pages=pages,
        chosen=len(staged.chosen),
        can_be_applied=sum(row.can_be_applied for row in check.rows),
    )


_COUNTED = {
    Verdict.ADDED: "New",
    Verdict.CHANGED: "Changed",
    Verdict.FAULTY: "With errors, which cannot be applied",
    Verdict.UNCHANGED: "Unchanged",
}


def _row(staged: Staged, row: CheckedRow, say: Say) -> RowLine:
    return RowLine(
        number=row.number,
        title=row.name or row.id or "no name",
        id=row.id,
        verdict=VERDICTS[row.verdict],
        colour=COLOURS[row.verdict],
        can_be_applied=row.can_be_applied,
        chosen=row.number in staged.chosen,
        outdated=row.outdated,
        differences=differences(staged.kind, row.fields, say),
        problems=row.problems,
        notices=row.notices,
        likenesses=tuple((one, _address(staged.kind, one.id) or "") for one in row.likenesses),
    )


def differences(kind: ListingKind, fields: Iterable[FieldChange], say: Say) -> tuple[Difference, ...]:
    """Fields in words."""
    return tuple(
        Difference(label_of(kind, one.column), _short(say(one.column, one.before)), _short(say(one.column, one.after)))
        for one in fields
        if one.column != "id"
    )


def change_row(line: ChangeLine) -> ChangeRow:
    """A change in words."""
    return ChangeRow(
        id=line.id,
        at=line.at,
        what=CHANGES[line.kind],
        by=line.by,
        listings=counted(line.versions, "listing or unit", "listings and units"),
        undoes=line.undoes_id,
        undone_by=line.undone_by_id,
    )


def change_summary(what: WhatChanged) -> tuple[tuple[str, str], ...]:
    """How many listings and units a change added, changed and removed."""
    return tuple((BECAME[became], f"{what.counts[became]:,}") for became in Became if what.counts.get(became))


def listing_lines(changed: Sequence[ChangedListing]) -> tuple[ListingLine, ...]:
    """What a change did to each listing, in words."""
    say = {kind: _wording(kind) for kind in {one.kind for one in changed}}
    return tuple(
        ListingLine(
            name=one.name,
            kind=ONE[one.kind],
            became=BECAME[one.became],
            colour=BECAME_COLOURS[one.became],
            href=None if one.became is Became.REMOVED else _address(one.kind, one.id),
            differences=differences(one.kind, one.fields, say[one.kind]),
        )
        for one in changed
    )


def _address(kind: ListingKind, listing_id: str) -> str | None:
    if kind is ListingKind.ORGANISATION:
        return url_for("listings.organisation", organisation_id=listing_id)
    return url_for("listings.service", service_id=listing_id) if kind is ListingKind.SERVICE else None


def _wording(kind: ListingKind) -> Say:
    say = wording(current_session(), kind)
    # These are words of their own, which no field of a form has.
    return lambda column, text: text.replace("_", " ").capitalize() if column in _WORDS else say(column, text)


_WORDS = frozenset({"status", "state"})


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
