"""What an entry of the register may say: dates that can be true, and a summary that names nobody (firewall, rule 5)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from directory.assurance.facts import Entry
from directory.assurance.vocabulary import LONGEST_SUMMARY, Decision
from directory.common.dates import as_date
from directory.common.errors import FieldProblem
from directory.common.text import squeeze, unusable_characters
from directory.screening.service import Kind, screen

EARLIEST = date(2020, 1, 1)
"""No request is older: there was no directory."""
# The screen's own explanations speak of referrals and safe contacts, which a register has not.
_INSTEAD = {
    Kind.IMMIGRATION: (
        "This says something about immigration status or public funds. Leave it out: who asked, for what and on which "
        "ground is said by the fields above"
    ),
    Kind.IDENTITY_NUMBER: (
        "This looks like an identity, case or reference number, which would lead back to somebody. Leave it out: the "
        "entry gets a number of its own"
    ),
    Kind.NAME: (
        "This looks like somebody’s name, or cannot be read by the screen (another alphabet). Name nobody, neither who "
        "asked nor who was asked about: write “an officer” or “a former resident”"
    ),
    Kind.PHONE: "This looks like a phone number. Leave it out",
    Kind.DATE_OF_BIRTH: "This looks like a date of birth. Leave it out",
    Kind.ADDRESS: "This looks like an address or a full postcode. Leave it out, or write the borough",
    Kind.NATIONALITY: "This says something about nationality, country, ethnicity or religion. Leave it out",
    Kind.EMAIL: "This looks like an e-mail address. Leave it out",
    Kind.SOCIAL_HANDLE: "This looks like a social media account. Leave it out",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the catalogue calls its organisations (by id) and services."""

    organisations: Mapping[str, str]
    services: frozenset[str]

    def named_in(self, text: str) -> Iterator[str]:
        """Those that `text` holds. Of one word, or a service's, a name begins with its own capital letters: "Refuge"
        and "Legal advice" are names, "a refuge" and "legal advice" are none.
        """
        for name in sorted({*self.organisations.values(), *self.services}):
            words = squeeze(name).split(" ")
            distinct = len(words) > 1 and name not in self.services
            pattern = r"(?<!\w)" + r"[\W_]*".join(re.escape(word) for word in words) + r"(?!\w)"
            if re.search(pattern, text, re.IGNORECASE if distinct else 0):
                yield name


def check_entry(entry: Entry, names: Names, today: date) -> Iterator[FieldProblem]:
    """What is wrong with an entry, by the names of its fields."""
    if entry.received_on > today:
        yield FieldProblem("received_on", "The request must have come already")
    elif entry.received_on < EARLIEST:
        yield FieldProblem("received_on", f"Enter a date from {as_date(EARLIEST)} on")
    if entry.organisation_id is not None and entry.organisation_id not in names.organisations:
        yield FieldProblem("organisation_id", "Choose an organisation from the list")
    yield from check_summary(entry.summary, names)
    if entry.decision is Decision.PENDING:
        if entry.answered_on is not None:
            yield FieldProblem("answered_on", "Leave the date empty, or choose how it was answered")
    else:
        yield from check_answered_on(entry.answered_on, entry.received_on, today)


def check_answered_on(answered_on: date | None, received_on: date, today: date) -> Iterator[FieldProblem]:
    """What is wrong with the day of an answer."""
    if answered_on is None:
        yield FieldProblem("answered_on", "Enter the date of the answer, such as 22/11/2026")
    elif answered_on > today:
        yield FieldProblem("answered_on", "The answer must have been given already")
    elif answered_on < received_on:
        yield FieldProblem("answered_on", f"The answer cannot be older than the request, of {as_date(received_on)}")


def check_summary(summary: str, names: Names) -> Iterator[FieldProblem]:
    """What in a summary may not be stored. Fail closed: what the screen stops is kept nowhere."""
    if len(summary) > LONGEST_SUMMARY:
        yield FieldProblem("summary", f"Write at most {LONGEST_SUMMARY} characters; these are {len(summary)}")
        return
    if unusable_characters(summary):
        yield FieldProblem("summary", "It holds a character that cannot be kept. Type the text again")
        return
    for kind in screen(summary).kinds:
        yield FieldProblem("summary", _INSTEAD[kind])
    named = next(names.named_in(summary), None)
    if named is not None:
        yield FieldProblem(
            "summary",
            f"This names “{named}”. Other providers read the summary: choose the organisation in its own field",
        )
