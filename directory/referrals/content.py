"""What a referral says, checked: needs, household, language, access, risk, consent, and a note that was screened.

It does not say which community she belongs to, nor whether she has recourse to public funds: the search has matched
the place, and the service needs neither to answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import AccessFeature, Need, Organisation, Service
from directory.common.clock import london_date
from directory.common.errors import FieldProblem, InvalidInputError
from directory.common.languages import language_names
from directory.referrals.safe_contact import SafeContact
from directory.referrals.vocabulary import ChildBand, ConsentHow, Risk
from directory.screening.service import explain, screen

LONGEST_NOTE = 500
MOST_PEOPLE = 20
OLDEST_REPORT = timedelta(days=365)
OLDEST_CONSENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Consent:
    """How and when she said yes to this referral, and whether to each service of the plan."""

    how: ConsentHow
    at: datetime
    covers_plan: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What the referrer writes. Needs and access features are codes, the language is ISO 639 (empty: English).

    `moves_on`: the next service of the plan is asked without asking the referrer first. `reported_on` is a London date.
    """

    needs: tuple[str, ...]
    adults: int
    children: tuple[ChildBand, ...]
    language: str
    access_features: tuple[str, ...]
    risk: Risk
    consent: Consent
    moves_on: bool
    reported_on: date
    note: str = ""


def check_content(session: Session, content: Content, now: datetime) -> None:
    """Do nothing where everything is in order.

    Raises InvalidInputError naming each field that is wrong, by its name above (`consent_at`, `consent_covers_plan`
    for those of the consent). A note that the screen stops says what in it and what to write instead.
    """
    problems = [
        *_codes(session, "needs", Need, content.needs, required=True),
        *_household(content),
        *_language(content.language),
        *_codes(session, "access_features", AccessFeature, content.access_features, required=False),
        *_consent(content, now),
        *_dates(content, now),
        *_note(session, content.note),
    ]
    if problems:
        raise InvalidInputError(problems)


def _codes(
    session: Session, field: str, model: type[Need] | type[AccessFeature], codes: Iterable[str], *, required: bool
) -> list[FieldProblem]:
    wanted = set(codes)
    if required and not wanted:
        return [FieldProblem(field, "Choose at least one.")]
    known = set(session.scalars(select(model.code).where(model.code.in_(wanted)))) if wanted else set()
    return [FieldProblem(field, f"There is no such code: {code!r}.") for code in sorted(wanted - known)]


def _household(content: Content) -> list[FieldProblem]:
    if not 0 <= content.adults <= MOST_PEOPLE:
        return [FieldProblem("adults", f"Enter a number from 0 to {MOST_PEOPLE}.")]
    if content.adults + len(content.children) == 0:
        return [FieldProblem("adults", "Enter how many adults there are, or add the children.")]
    if len(content.children) > MOST_PEOPLE:
        return [FieldProblem("children", f"Enter at most {MOST_PEOPLE} children.")]
    return []


def _language(code: str) -> list[FieldProblem]:
    if code and code not in language_names():
        return [FieldProblem("language", "Choose a language from the list.")]
    return []


def _consent(content: Content, now: datetime) -> list[FieldProblem]:
    problems = []
    if content.consent.at > now:
        problems.append(FieldProblem("consent_at", "Consent must have been given already."))
    elif now - content.consent.at > OLDEST_CONSENT:
        problems.append(FieldProblem("consent_at", f"Ask her again: consent counts for {OLDEST_CONSENT.days} days."))
    if content.moves_on and not content.consent.covers_plan:
        problems.append(
            FieldProblem(
                "consent_covers_plan",
                "The next service can be asked by itself only if she has agreed to each of them.",
            )
        )
    return problems


def _dates(content: Content, now: datetime) -> list[FieldProblem]:
    today = london_date(now)
    if content.reported_on > today:
        return [FieldProblem("reported_on", "The report must have been made already.")]
    if today - content.reported_on > OLDEST_REPORT:
        return [FieldProblem("reported_on", f"Enter a date of the last {OLDEST_REPORT.days} days.")]
    return []


def _note(session: Session, note: str) -> list[FieldProblem]:
    if len(note) > LONGEST_NOTE:
        return [FieldProblem("note", f"Write at most {LONGEST_NOTE} characters; these are {len(note)}.")]
    return check_text(session, "note", note)


def check_text(session: Session, field: str, text: str) -> list[FieldProblem]:
    """What the screen finds in a free text, one problem for each kind: what it is and what to write instead."""
    if not text.strip():
        return []
    found = screen(text, known_names=_known_names(session))
    return [FieldProblem(field, explain(kind)) for kind in found.kinds]


def check_contact(session: Session, contact: SafeContact) -> None:
    """Do nothing where the screen lets every text of a safe contact pass. Raises InvalidInputError, naming fields."""
    texts = contact.free_texts.items()
    problems = [problem for field, text in texts for problem in check_text(session, field, text)]
    if problems:
        raise InvalidInputError(problems)


def _known_names(session: Session) -> frozenset[str]:
    """What the catalogue calls its organisations and services: these names are nobody's."""
    return frozenset([*session.scalars(select(Organisation.name)), *session.scalars(select(Service.name))])
