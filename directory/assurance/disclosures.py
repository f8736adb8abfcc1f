"""Keeping the register of disclosure requests: a request is entered, answered once, and never changed after.

Recommendation 7 of "Safe to share?" asks for recording and assurance of information sharing. That the register can be
trusted is the database's doing: it refuses to change an answered entry or to delete any. A mistake is put right by a
further entry, and both stay.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.assurance.checking import Names, check_answered_on, check_entry
from directory.assurance.facts import Entry
from directory.assurance.models import DisclosureRequest
from directory.assurance.vocabulary import ANSWERS, Decision
from directory.audit.events import Event
from directory.audit.log import record
from directory.catalogue.models import Organisation, Service
from directory.common.actor import Actor
from directory.common.clock import london_date
from directory.common.errors import FieldProblem, InvalidInputError, NotFoundError, RefusedError
from directory.common.text import squeeze


class AnsweredAlreadyError(RefusedError):
    """Somebody else has answered or corrected the request meanwhile; what it says now is in the register."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The number of the entry. `already`: the same request stands in the register, and was not entered twice."""

    number: int
    already: bool = False


def record_request(session: Session, entry: Entry, actor: Actor, now: datetime) -> Recorded:
    """Enter a request, or put an earlier entry right. The caller begins to write, and commits.

    Raises InvalidInputError naming fields of Entry; NotFoundError where there is no entry to correct;
    AnsweredAlreadyError where that has been corrected already.
    """
    # Whoever sends a form twice at once waits here, and then finds what the first of the two has entered.
    session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())
    if entry.corrects is None and (entry.decision is not Decision.PENDING or entry.answered_on is not None):
        raise InvalidInputError([FieldProblem("decision", "A request is entered first, and answered then")])
    problems = list(check_entry(entry, catalogue_names(session), london_date(now)))
    if entry.corrects is not None:
        wrong = _locked(session, entry.corrects)
        _check_uncorrected(session, wrong)
        if all(getattr(wrong, name) == value for name, value in _values(entry).items() if name != "corrects_id"):
            problems.append(FieldProblem("summary", f"Entry {wrong.id} says all of this: change what is wrong in it"))
    if problems:
        raise InvalidInputError(problems)
    known = _same(session, entry)
    if known is not None:
        return Recorded(known, already=True)
    row = DisclosureRequest(**_values(entry), recorded_by=actor.reference, recorded_at=now)
    row.answered_by = "" if entry.decision is Decision.PENDING else actor.reference
    session.add(row)
    session.flush()
    record(session, Event.DISCLOSURE_RECORDED, actor.reference, now, disclosure=row.id, requester=entry.requester.value)
    if entry.decision is not Decision.PENDING:
        _record_answer(session, row, actor, now)
    return Recorded(row.id)


def answer_request(
    session: Session, number: int, decision: Decision, answered_on: date | None, actor: Actor, now: datetime
) -> None:
    """Say how a request was answered: once, for good. The caller begins to write, and commits.

    Raises NotFoundError; InvalidInputError naming `decision` and `answered_on`; AnsweredAlreadyError where it has been
    answered or corrected.
    """
    row = _locked(session, number)
    if row.decision is not Decision.PENDING:
        raise AnsweredAlreadyError(f"Request {number} has been answered already. An answer is never changed.")
    _check_uncorrected(session, row)
    problems = []
    if decision not in ANSWERS:
        problems.append(FieldProblem("decision", "Choose how it was answered"))
    problems += check_answered_on(answered_on, row.received_on, london_date(now))
    if problems:
        raise InvalidInputError(problems)
    row.decision, row.answered_on, row.answered_by = decision, answered_on, actor.reference
    session.flush()
    _record_answer(session, row, actor, now)


def catalogue_names(session: Session) -> Names:
    """The organisations that a request can be about, and all names that no summary may hold."""
    organisations = session.execute(select(Organisation.id, Organisation.name)).all()
    return Names({row.id: row.name for row in organisations}, frozenset(session.scalars(select(Service.name))))


def _locked(session: Session, number: int) -> DisclosureRequest:
    query = select(DisclosureRequest).where(DisclosureRequest.id == number).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFoundError("There is no such request in the register.")
    return row


def _check_uncorrected(session: Session, row: DisclosureRequest) -> None:
    by = session.scalar(select(DisclosureRequest.id).where(DisclosureRequest.corrects_id == row.id))
    if by is not None:
        raise AnsweredAlreadyError(f"Request {row.id} has been corrected by entry {by}, which stands in its place.")


def _same(session: Session, entry: Entry) -> int | None:
    """The number of an entry that still waits and says exactly this."""
    corrections = select(DisclosureRequest.corrects_id).where(DisclosureRequest.corrects_id.is_not(None))
    return session.scalar(
        select(DisclosureRequest.id)
        .filter_by(**_values(entry))
        .where(DisclosureRequest.decision == Decision.PENDING, DisclosureRequest.id.not_in(corrections))
        .limit(1)
    )


def _values(entry: Entry) -> dict[str, object]:
    return {
        "received_on": entry.received_on,
        "requester": entry.requester,
        "subject": entry.subject,
        "basis": entry.basis,
        "organisation_id": entry.organisation_id,
        "summary": squeeze(entry.summary),
        "corrects_id": entry.corrects,
        "decision": entry.decision,
        "answered_on": entry.answered_on,
    }


def _record_answer(session: Session, row: DisclosureRequest, actor: Actor, now: datetime) -> None:
    record(session, Event.DISCLOSURE_ANSWERED, actor.reference, now, disclosure=row.id, decision=row.decision.value)
