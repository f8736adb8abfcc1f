"""Which texts of a proposal may be stored (firewall, rule 5). Fail closed: what the screen stops is not kept anywhere.

An explanation or a comment is free text and has to pass the whole screen. What a listing is to say is another matter:
it says "no recourse to public funds", gives phone numbers, e-mail addresses and places, and is meant to. So its texts
are asked for what no listing needs and a case does: somebody's name with a title, an identity or case number, a date
of birth. Columns that take nothing but what they are made for (a phone number, a code, a date) are left to their
cells. A charity number is a number of the organisation's own, so there only names and dates are stopped.
"""

import re
from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import ListingKind
from directory.common.errors import FieldProblem
from directory.common.text import unusable_characters
from directory.editing.columns import ColumnSpec, Screened, spec_of
from directory.screening import lists
from directory.screening.service import LONGEST, Finding, Kind, explain, screen

LONGEST_TEXT = 500
"""Characters of an explanation or a comment."""

_TITLES = frozenset(["mr", "mrs", "ms", "mx", "messrs", "mister", "missus", "mstr"]) | lists.rule_words("names: titles")
_TITLE_BEFORE = re.compile(rf"(?<![\w'])(?:{'|'.join(sorted(_TITLES))})\.?\s*$", re.IGNORECASE)
_STOPPED = {
    Screened.NO: frozenset[Kind](),
    Screened.LABEL: frozenset({Kind.NAME, Kind.DATE_OF_BIRTH}),
    Screened.PROSE: frozenset({Kind.NAME, Kind.DATE_OF_BIRTH, Kind.IDENTITY_NUMBER}),
}
_INSTEAD = {
    Kind.NAME: (
        "This looks like somebody’s name. A listing names organisations and roles: write “the duty manager” or “a "
        "caseworker”."
    ),
    Kind.DATE_OF_BIRTH: "This looks like a date of birth. Write a year alone, or leave it out.",
    Kind.IDENTITY_NUMBER: "This looks like an identity, case or reference number. Leave it out.",
}


def check_text(session: Session, field: str, text: str, *, required: bool = False) -> list[FieldProblem]:
    """What is wrong with an explanation or a comment, which is `text` stripped: what in it is stopped, and why."""
    if not text:
        return [FieldProblem(field, "Say why, in a sentence that helps the author.")] if required else []
    if len(text) > LONGEST_TEXT:
        return [FieldProblem(field, f"Write at most {LONGEST_TEXT} characters; these are {len(text)}.")]
    if unusable_characters(text):
        return [FieldProblem(field, "It holds a character that cannot be kept. Type the text again.")]
    found = screen(text, known_names=known_names(session))
    return [FieldProblem(field, explain(kind)) for kind in found.kinds]


def check_values(
    session: Session, kind: ListingKind, wanted: Mapping[str, str], was: Mapping[str, str]
) -> list[FieldProblem]:
    """What in the proposed values of a listing may not be stored. What a listing says already is no problem."""
    names = known_names(session)
    problems = []
    for column, text in wanted.items():
        spec = spec_of(kind, column)
        if spec is None or spec.screened is Screened.NO:
            continue
        said_before = {(one.kind, one.words) for one in _stopped(was.get(column, ""), spec, names)}
        kinds = {one.kind for one in _stopped(text, spec, names) if (one.kind, one.words) not in said_before}
        problems += [FieldProblem(column, _INSTEAD[kind]) for kind in sorted(kinds)]
        if len(text) > LONGEST and text != was.get(column, ""):
            problems.append(FieldProblem(column, f"Write at most {LONGEST} characters; these are {len(text)}."))
    return problems


def known_names(session: Session) -> frozenset[str]:
    """What the catalogue calls its organisations and services: these names are nobody's."""
    return frozenset([*session.scalars(select(Organisation.name)), *session.scalars(select(Service.name))])


def _stopped(text: str, spec: ColumnSpec, names: frozenset[str]) -> Iterator[Finding]:
    for finding in screen(text[:LONGEST], known_names=names).findings:
        if finding.kind not in _STOPPED[spec.screened]:
            continue
        # Of all that might be a name, a title tells people from the flowers and rivers that places are called by.
        if finding.kind is not Kind.NAME or _TITLE_BEFORE.search(text[: finding.start]):
            yield finding
