"""When an edition is due, and what the system does by itself then: draft one, and tell the commissioners.

`run-due` calls `prepare_due` every minute. It may be called twice, late, or by two at once, and comes to the same: each
due date is drafted for once, and each message has a key under which there is one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import Moment
from directory.common.actor import SYSTEM, Actor
from directory.common.clock import LONDON, london_date
from directory.common.errors import FieldProblem, InvalidInputError
from directory.extensions import begin_writing
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel
from directory.messaging.outbox import can_be_sent_to, enqueue, enqueued
from directory.publishing.editions.content import build
from directory.publishing.editions.lifecycle import draft
from directory.publishing.editions.models import EditionSchedule
from directory.publishing.editions.people import commissioner
from directory.publishing.editions.reading import edition_in_preparation, latest
from directory.upkeep.contacts import commissioners

EVERY_MONTHS, DAY = 1, 1
"""Without a schedule of their own, commissioners are reminded of an edition on the first of each month."""
AHEAD = timedelta(days=3)
"""So long before the day commissioners are told; an edition published as early as that is the one that was due."""
AGAIN_EVERY = timedelta(days=7)
AT = 10
"""The London hour of the message, as of all that commissioners are told."""
PATH = "/editions/prepare"
_LAST_DAY = 28


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """An edition is due every so many months, on this day of the month (London). `saved`: somebody chose that."""

    every_months: int
    day: int
    saved: bool


@dataclass(slots=True)
class Prepared:
    """What was done because an edition is due: drafts made, messages written."""

    drafted: int = 0
    messages: int = 0


def read_schedule(session: Session) -> ScheduleFacts:
    """The schedule, or what counts without one."""
    row = session.execute(
        select(EditionSchedule.every_months, EditionSchedule.day, EditionSchedule.updated_by)
    ).one_or_none()
    if row is None:
        return ScheduleFacts(EVERY_MONTHS, DAY, saved=False)
    return ScheduleFacts(row.every_months, row.day, saved=row.updated_by != SYSTEM.reference)


def save_schedule(session: Session, every_months: int, day: int, actor: Actor, now: datetime) -> ScheduleFacts:
    """Say how often, and on which day of the month, an edition is due; the caller begins to write, and commits.

    Raises NotAllowedError; InvalidInputError naming `every_months` (1 to 12) and `day` (1 to 28: every month has it).
    """
    commissioner(session, actor)
    problems = []
    if not 1 <= every_months <= 12:
        problems.append(FieldProblem("every_months", "Choose from 1 to 12 months.", ("1 to 12",)))
    if not 1 <= day <= _LAST_DAY:
        problems.append(FieldProblem("day", "Choose a day from 1 to 28: every month has it.", ("1 to 28",)))
    if problems:
        raise InvalidInputError(problems)
    _put(session, every_months, day, actor.reference, now)
    record(session, Event.SCHEDULE_CHANGED, actor.reference, now, every_months=every_months, day=day)
    return read_schedule(session)


def next_due(session: Session, now: datetime) -> date:
    """The London date on which the next edition is, or was, due: in the past where it is overdue.

    Quarters and the like begin with January. An edition that was published up to three days before a due date is the
    one that was due. Before the first edition, the next date counts, or the one for which a draft waits.
    """
    return _next_due(session, read_schedule(session), now)


def prepare_due(new_session: Callable[[], Session], moment: Moment) -> Prepared:
    """Draft the edition that is due, and tell every active commissioner: 3 days before, on the day, weekly after."""
    done = Prepared()
    with new_session() as session:
        due = next_due(session, moment.now)
        to_draft = moment.today >= due and _may_draft(session, due)
        to_tell = list(_untold(session, due, moment.now))
    if to_draft:
        done.drafted = _draft(new_session, due, moment)
    if to_tell:
        done.messages = _tell(new_session, due, moment.now)
    return done


def due_dates(schedule: ScheduleFacts, after: date) -> Iterator[date]:
    """Every date later than `after` on which an edition is due."""
    month = after.year * 12 + after.month - 1
    while True:
        if month % schedule.every_months == 0:
            found = date(month // 12, month % 12 + 1, schedule.day)
            if found > after:
                yield found
        month += 1


def _next_due(session: Session, schedule: ScheduleFacts, now: datetime) -> date:
    published = latest(session)
    if published is not None and published.published_at is not None:
        return next(due_dates(schedule, london_date(published.published_at) + AHEAD))
    waiting = edition_in_preparation(session)
    since = min(london_date(now), waiting.as_of) if waiting else london_date(now)
    return next(due_dates(schedule, since - timedelta(days=1)))


def _may_draft(session: Session, due: date) -> bool:
    drafted_for = session.scalar(select(EditionSchedule.drafted_for))
    return (drafted_for is None or drafted_for < due) and edition_in_preparation(session) is None


def _draft(new_session: Callable[[], Session], due: date, moment: Moment) -> int:
    with new_session() as session:
        built = build(session, moment)
        begin_writing(session)
        schedule = read_schedule(session)
        if _next_due(session, schedule, moment.now) != due or not _claimed(session, schedule, due, moment.now):
            return 0
        if edition_in_preparation(session) is not None:
            return 0
        draft(session, SYSTEM, moment, built=built)
        session.commit()
    return 1


def _claimed(session: Session, schedule: ScheduleFacts, due: date, now: datetime) -> bool:
    """Note that this due date is drafted for; False where another process has done so. Whoever is doing it is awaited.

    A draft that a commissioner has discarded does not come back a minute later.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(EditionSchedule).values(_row(schedule, now)).on_conflict_do_nothing())
    claimed = session.execute(
        update(EditionSchedule)
        .where(or_(EditionSchedule.drafted_for.is_(None), EditionSchedule.drafted_for < due))
        .values(drafted_for=due)
        .returning(EditionSchedule.id)
        .execution_options(synchronize_session=False)
    )
    return claimed.scalar_one_or_none() is not None


def _row(schedule: ScheduleFacts, now: datetime) -> dict[str, object]:
    return {
        "id": 1,
        "every_months": schedule.every_months,
        "day": schedule.day,
        "updated_at": now,
        "updated_by": SYSTEM.reference,
    }


def _put(session: Session, every_months: int, day: int, by: str, now: datetime) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    said: dict[str, object] = {"every_months": every_months, "day": day, "updated_at": now, "updated_by": by}
    statement = insert(EditionSchedule).values(id=1, **said)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=said))


def _untold(session: Session, due: date, now: datetime) -> Iterator[tuple[str, str]]:
    """The addresses, and the keys of the messages, of those who have not had the message that counts now."""
    late = london_date(now) - due
    if late < -AHEAD:
        return
    step = "before" if late < timedelta(0) else f"{late // AGAIN_EVERY}"
    people = [
        (f"edition-due-{due:%Y%m%d}-{step}-{number}", address)
        for number, address in commissioners(session)
        if can_be_sent_to(Channel.EMAIL, address)
    ]
    told = enqueued(session, {key for key, _ in people})
    yield from ((key, address) for key, address in people if key not in told)


def _tell(new_session: Callable[[], Session], due: date, now: datetime) -> int:
    hour = datetime.combine(london_date(now), time(AT), LONDON).astimezone(UTC)
    with new_session() as session:
        begin_writing(session)
        # Published meanwhile: nothing is due any more.
        if next_due(session, now) != due:
            return 0
        written = [
            enqueue(
                session,
                MessageKind.EDITION_DUE,
                Channel.EMAIL,
                address,
                f"D{due:%Y%m%d}",
                PATH,
                now,
                dedupe_key=key,
                not_before=hour,
            )
            for key, address in _untold(session, due, now)
        ]
        session.commit()
    return sum(one is not None for one in written)
