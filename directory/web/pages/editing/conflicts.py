"""When somebody else has changed the same field meanwhile: what both wrote, to choose from. Nothing typed is lost."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import request

from directory.capacity.current import CurrentListing
from directory.editing.errors import ChangedMeanwhileError
from directory.editing.fields import FieldInput
from directory.web.pages.editing.access import listing_of
from directory.web.pages.editing.contexts import ConflictLine, ConflictPage
from directory.web.pages.editing.forming import Made, setting_of
from directory.web.pages.editing.forms import ConflictForm, keep, texts_in, write_seen
from directory.web.pages.editing.saying import Sayer

WAS, APPROVE = "was", "approve"


@dataclass(frozen=True, slots=True)
class Clash:
    """Fields that two people changed: what both saw (`was`, by column), and all that this one wants (`texts`).

    `number` is the version that the listing has by now.
    """

    was: Mapping[str, str]
    texts: Mapping[str, str]
    number: int


def clash_of(
    error: ChangedMeanwhileError, texts: Mapping[str, str], seen: Mapping[str, str], listing: CurrentListing
) -> Clash:
    """What to ask about. What this person has not touched becomes what it is by now."""
    rebased = {
        column: text if text != seen.get(column, "") else listing.values.get(column, "")
        for column, text in texts.items()
    }
    return Clash({conflict.column: conflict.was for conflict in error.conflicts}, rebased, error.number)


def asked_before(texts: Mapping[str, str], number: int) -> Clash | None:
    """The clash that the form that was sent is an answer to; None where it is none."""
    asked = {column: text for column, text in texts_in(request.form.get(WAS, "")).items() if column in texts}
    return Clash(asked, texts, number) if asked else None


def answered(form: ConflictForm, clash: Clash, seen: Mapping[str, str]) -> dict[str, str]:
    """All that is wanted, once it is chosen whose words to keep."""
    theirs = {column for column in clash.was if form[keep(column)].data == ConflictForm.THEIRS}
    return {column: seen.get(column, "") if column in theirs else text for column, text in clash.texts.items()}


def conflict_form(clash: Clash, made: Made, *, posted: bool) -> ConflictForm:
    """The questions, with the answers where they have been given."""
    form = ConflictForm(formdata=None)
    labels = {field.column: field.label for field in made.fields}
    form.ask({column: labels.get(column, column) for column in clash.was})
    form.process(request.form if posted else None)
    return form


def conflict_page(made: Made, listing: CurrentListing, clash: Clash, form: ConflictForm) -> ConflictPage:
    """The page with the questions; all that was typed goes along."""
    sayer = Sayer(listing.kind)
    lines = []
    for column, was in clash.was.items():
        now_is = listing.values.get(column, "")
        lines.append(
            ConflictLine(
                choice=keep(column),
                label=sayer.label(column),
                was=sayer.shown(column, was),
                now_is=sayer.marked(column, was, now_is)[1],
                yours=sayer.marked(column, was, clash.texts[column])[1],
            )
        )
    return ConflictPage(
        form=form,
        listing=listing_of(listing),
        action=setting_of(listing).action,
        lines=tuple(lines),
        hidden=tuple(_hidden(made, listing, clash)),
    )


def _hidden(made: Made, listing: CurrentListing, clash: Clash) -> Iterator[tuple[str, str]]:
    yield "version", str(clash.number)
    yield "seen", write_seen(made.fields, listing.values)
    yield WAS, json.dumps(dict(clash.was), ensure_ascii=False)
    yield "replaces", made.form.replaces.data or ""
    yield "explanation", made.form.explanation.data or ""
    if APPROVE in request.form:
        yield APPROVE, "yes"
    for field in made.fields:
        text = clash.texts.get(field.column, "")
        if field.input is FieldInput.CODES:
            yield from ((field.column, code) for code in text.split(";") if code)
        else:
            yield field.column, text
