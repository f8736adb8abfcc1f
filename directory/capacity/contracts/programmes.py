"""Programmes: what was commissioned, as commissioners enter it. Nothing here says anything about a hold."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.contracts.facts import ProgrammeFacts
from directory.capacity.contracts.models import Programme
from directory.capacity.contracts.typed import ProgrammeTexts, read_texts
from directory.common.actor import Actor
from directory.common.errors import FieldProblem, InvalidInputError, NotFoundError, RefusedError


class ProgrammeChangedError(RefusedError):
    """Somebody else changed the programme after it was opened. `current` is what it says now."""

    def __init__(self, current: ProgrammeFacts) -> None:
        self.current = current
        super().__init__("Somebody else changed this programme after you opened it. Look at theirs first.")


def list_programmes(session: Session) -> list[ProgrammeFacts]:
    """Every programme, by code."""
    # Ordered here, because databases differ in how they order text.
    return sorted((_facts(row) for row in session.scalars(select(Programme))), key=lambda one: one.code)


def read_programme(session: Session, code: str) -> ProgrammeFacts:
    """One programme. Raises NotFoundError."""
    row = session.scalar(select(Programme).where(Programme.code == code))
    if row is None:
        raise NotFoundError("There is no such programme.")
    return _facts(row)


def add_programme(session: Session, texts: ProgrammeTexts, actor: Actor, now: datetime) -> ProgrammeFacts:
    """Enter a programme. The caller begins to write, and commits.

    Raises InvalidInputError naming fields of ProgrammeTexts; `code` also where there is that code already,
    whatever its case.
    """
    programme = read_texts(texts)
    taken = session.scalar(select(Programme.code).where(func.lower(Programme.code) == programme.code.lower()))
    if taken is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(Programme).values(code=programme.code, **programme.values)
        taken = None if session.scalar(statement.on_conflict_do_nothing().returning(Programme.code)) else programme.code
    if taken is not None:
        raise InvalidInputError([FieldProblem("code", f"There is a programme {taken} already")])
    record(session, Event.PROGRAMME_CHANGED, actor.reference, now, programme=programme.code)
    return programme


def change_programme(
    session: Session, code: str, texts: ProgrammeTexts, seen: str, actor: Actor, now: datetime
) -> ProgrammeFacts:
    """Say something else of a programme whose `version` was `seen`; its code stays.

    Raises NotFoundError, InvalidInputError naming fields of ProgrammeTexts, and ProgrammeChangedError where somebody
    else was faster: then nothing is changed. The caller begins to write, and commits.
    """
    row = session.scalar(
        select(Programme).where(Programme.code == code).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError("There is no such programme.")
    current = _facts(row)
    wanted = read_texts(texts, code)
    if current.version != seen:
        raise ProgrammeChangedError(current)
    if wanted != current:
        session.execute(update(Programme).where(Programme.code == code).values(wanted.values))
        record(session, Event.PROGRAMME_CHANGED, actor.reference, now, programme=code)
    return wanted


def _facts(row: Programme) -> ProgrammeFacts:
    return ProgrammeFacts(
        row.code, row.name, row.units, row.bedspaces, row.ringfenced_units, row.active_from, row.active_until
    )
