"""The register in words, and as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable

from flask import url_for

from directory.assurance import words
from directory.assurance.facts import DisclosureFacts, Register, Whose, tallies
from directory.assurance.vocabulary import WORKING_DAYS_TO_ANSWER, Decision
from directory.common.paging import Paging
from directory.common.sheets_safe import harmless
from directory.web.pages.disclosures.contexts import RegisterPage, RequestLine, TallyLine

PER_PAGE = 50
_HEADER = (
    *("number", "received on", "who asked", "what was asked for", "ground", "organisation", "summary"),
    *("answer", "answered on", "working days", "due on", "overdue or late", "corrects", "corrected by"),
)
_ORGANISATION = {Whose.NOBODY: "No organisation", Whose.ANOTHER: "Another organisation"}


def register_page(register: Register, page: int, *, may_keep: bool, sees_all: bool) -> RegisterPage:
    """One page of the register; who asked for what is counted over all of it."""
    paging = Paging(page, PER_PAGE)
    pages = paging.pages(len(register.entries))
    return RegisterPage(
        entries=tuple(request_line(entry) for entry in paging.slice(register.entries)),
        tallies=tuple(_tallies(register)),
        number=len(register.entries),
        waits=len(register.waiting),
        overdue=len(register.overdue),
        kept_since=register.kept_since,
        working_days=WORKING_DAYS_TO_ANSWER,
        may_keep=may_keep,
        sees_all=sees_all,
        page=page,
        pages=pages,
        previous=url_for("disclosures.register", page=min(page - 1, pages)) if page > 1 else None,
        next=url_for("disclosures.register", page=page + 1) if page < pages else None,
    )


def request_line(entry: DisclosureFacts) -> RequestLine:
    """One entry in words."""
    standing, colour = _standing(entry)
    return RequestLine(
        number=entry.number,
        title=f"Request {entry.number}: {words.REQUESTER[entry.requester]}",
        received_on=entry.received_on,
        subject=words.SUBJECT[entry.subject],
        basis=words.BASIS[entry.basis],
        organisation=_organisation(entry),
        is_own=entry.whose is Whose.OWN,
        summary=entry.summary,
        standing=standing,
        colour=colour,
        answer=words.DECISION[entry.decision],
        answered_on=entry.answered_on,
        time=_time(entry),
        due_on=entry.due_on,
        recorded_at=entry.recorded_at,
        corrects=entry.corrects,
        corrected_by=entry.corrected_by,
    )


def as_csv(entries: Iterable[DisclosureFacts]) -> bytes:
    """The register, one entry in each row; spreadsheets read it as UTF-8 and run nothing of it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for entry in entries:
        writer.writerow([harmless(cell) for cell in _row(entry)])
    return text.getvalue().encode("utf-8-sig")


def _row(entry: DisclosureFacts) -> tuple[str, ...]:
    return (
        *(str(entry.number), entry.received_on.isoformat(), words.REQUESTER[entry.requester]),
        *(words.SUBJECT[entry.subject], words.BASIS[entry.basis], _organisation(entry), entry.summary),
        words.DECISION[entry.decision],
        entry.answered_on.isoformat() if entry.answered_on else "",
        *(str(entry.days), entry.due_on.isoformat(), "yes" if entry.late and entry.stands else "no"),
        *(str(number) if number else "" for number in (entry.corrects, entry.corrected_by)),
    )


def _organisation(entry: DisclosureFacts) -> str:
    return _ORGANISATION.get(entry.whose, entry.organisation)


def _standing(entry: DisclosureFacts) -> tuple[str, str]:
    if not entry.stands:
        return "Corrected", "grey"
    if entry.waits:
        return ("Overdue", "red") if entry.late else ("Not answered yet", "yellow")
    return words.DECISION[entry.decision], "blue"


def _time(entry: DisclosureFacts) -> str:
    days = f"{entry.days} working day{'' if entry.days == 1 else 's'}"
    if entry.answered_on is None:
        return f"{days} so far"
    return f"after {days}{f', more than {WORKING_DAYS_TO_ANSWER}' if entry.late else ''}"


def _tallies(register: Register) -> Iterable[TallyLine]:
    for tally in tallies(register.standing):
        answers = tuple(
            f"{words.DECISION[decision]}: {tally.answers[decision]}" for decision in Decision if tally.answers[decision]
        )
        yield TallyLine(words.REQUESTER[tally.requester], tally.total, answers)
