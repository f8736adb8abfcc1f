"""Making a hold: the one place where many people want the same thing at the same moment.

The database decides who gets it. Everything is one statement that inserts the hold if the person may have it and the
unit has space available; a unique index and a trigger refuse what two such statements at the same time could not see
of one another. Only when nothing was inserted is the database asked why. Statements are written once: composing them
takes longer than executing them.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    Dialect,
    Insert,
    Integer,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import TO_COME, Moment, moment_values, space_available
from directory.capacity.holds.ending import end_expired
from directory.capacity.holds.errors import KeyUsedError, SpaceGoneError, TooManyHoldsError
from directory.capacity.holds.live import NOT_OPEN, going_on, live
from directory.capacity.holds.models import Hold
from directory.capacity.holds.prepared import Prepared
from directory.capacity.models import Unit
from directory.capacity.queries import shown_to_searchers
from directory.catalogue.models import Organisation, Service
from directory.common.actor import Actor
from directory.common.changes import LIVE_FACTS
from directory.common.errors import NotFoundError
from directory.common.orm import UtcDateTime

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 16
# Each time is one more only where somebody else has ended what stood in the way, a moment ago.
_MOST_TIMES = 3
_COLUMNS = (
    "id",
    "unit_id",
    "service_id",
    "held_by",
    "held_at",
    "expires_at",
    "for_referral",
    "idempotency_key",
)
_UNIT = bindparam("unit", type_=Unit.id.type)
_BY = bindparam("by", type_=Integer)
_DIGEST = bindparam("digest", type_=Hold.idempotency_key.type)
# Another capability's table, by its name: capacity does not import accounts.
_users = table("users", column("id"))


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """How long a hold lasts, and how many live ones a person may have at a time (those of referrals do not count)."""

    lasts: timedelta
    most_per_person: int


def hold_unit(session: Session, unit_id: str, actor: Actor, key: str, moment: Moment, terms: HoldTerms) -> str:
    """Hold a unit for `actor`, and return the hold's id. The caller begins to write first, and commits.

    The same `key` (any text, of the caller's making) is the same hold, however often it is asked for. Raises
    NotFoundError where no such unit is shown to people who search, KeyUsedError, TooManyHoldsError, and SpaceGoneError
    where it has no space available: roll back then, before anything else.
    """
    # One person makes one hold at a time: else two at once could each find room below the limit.
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _statements(connection.dialect).lock_person.first(connection, {"by": actor.user_id})
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return _made(session, unit_id, actor, digest, moment, moment.now + terms.lasts, most=terms.most_per_person)


def hold_for_referral(session: Session, unit_id: str, author: Actor, until: datetime, moment: Moment) -> str:
    """Hold a unit for a referral until it must be answered; returns the hold's id.

    Raises SpaceGoneError where it has no space available, NotFoundError where there is no such unit. On PostgreSQL a
    lost race spoils the transaction: call it within a savepoint.
    """
    return _made(session, unit_id, author, secrets.token_hex(32), moment, until, most=None)


def _made(
    session: Session, unit_id: str, actor: Actor, digest: str, moment: Moment, until: datetime, *, most: int | None
) -> str:
    """The id of the hold, made now or earlier with the same key. A referral's has no limit (`most` is None)."""
    hold_id = _random_id()
    values = moment_values(moment) | {
        "hold": hold_id,
        "unit": unit_id,
        "by": actor.user_id,
        "until": until,
        "digest": digest,
        "most": most,
    }
    session.flush()
    connection = session.connection()
    statements = _statements(connection.dialect)
    insert = statements.insert_without_limit if most is None else statements.insert
    for _ in range(_MOST_TIMES):
        try:
            service_id = insert.first(connection, values)
        except IntegrityError as error:
            if NOT_OPEN not in str(error.orig):
                raise
            raise SpaceGoneError from error
        if service_id is not None:
            record(session, Event.HOLD_MADE, actor.reference, moment.now, hold=hold_id, service=service_id)
            return hold_id
        why = statements.reasons.execute(connection, values).one()
        if why.kept is not None:
            return _same_hold(why, unit_id)
        _refuse(why, most)
        if why.time_is_up:
            end_expired(session, moment.now, Hold.unit_id == unit_id)
    raise SpaceGoneError


def _random_id() -> str:
    # One draw for all letters: sixteen take longer than the statement that they are for.
    number, letters = secrets.randbits(160), ""
    while len(letters) < _LENGTH:
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return letters


def _same_hold(why: Row[Any], unit_id: str) -> str:
    # Which unit a hold was on that is over, nobody knows any more.
    if why.kept_unit is not None and why.kept_unit != unit_id:
        raise KeyUsedError
    return str(why.kept)


def _refuse(why: Row[Any], most: int | None) -> None:
    """Raise what stands against the hold, or return where nothing does (any more): it can be tried again."""
    if most is not None and why.others >= most:
        raise TooManyHoldsError(most)
    if not why.shown:
        raise NotFoundError("There is no such space.")
    if not (why.free or why.time_is_up):
        raise SpaceGoneError


@dataclass(frozen=True, slots=True)
class _Statements:
    insert: Prepared
    insert_without_limit: Prepared
    reasons: Prepared
    lock_person: Prepared


_prepared: dict[str, _Statements] = {}


def _statements(dialect: Dialect) -> _Statements:
    if dialect.name not in _prepared:
        lock_person = select(_users.c.id).where(_users.c.id == _BY).with_for_update(key_share=True)
        _prepared[dialect.name] = _Statements(
            Prepared(_insertion(dialect, limited=True), dialect, LIVE_FACTS),
            Prepared(_insertion(dialect, limited=False), dialect, LIVE_FACTS),
            Prepared(_reasons(), dialect),
            Prepared(lock_person, dialect),
        )
    return _prepared[dialect.name]


def _insertion(dialect: Dialect, *, limited: bool) -> Insert:
    """Insert the hold if everything allows it, and tell the id of its service."""
    source = _of_unit(
        select(
            bindparam("hold", type_=Hold.id.type),
            Unit.id,
            Unit.service_id,
            _BY,
            TO_COME.now,
            bindparam("until", type_=UtcDateTime),
            literal(not limited),
            _DIGEST,
        )
    ).where(_free())
    if limited:
        source = source.where(_others() < bindparam("most", type_=Integer))
    insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    holds = cast(Table, Hold.__table__)
    return insert(holds).from_select(_COLUMNS, source).on_conflict_do_nothing().returning(holds.c.service_id)


def _reasons() -> Select[*tuple[Any, ...]]:
    """Everything that may be why nothing was inserted, in one row."""
    kept = Hold.held_by == _BY, Hold.idempotency_key == _DIGEST
    time_is_up = exists().where(Hold.unit_id == _UNIT, going_on(), Hold.expires_at <= TO_COME.now)
    return select(
        select(Hold.id).where(*kept).scalar_subquery().label("kept"),
        select(Hold.unit_id).where(*kept).scalar_subquery().label("kept_unit"),
        _others().label("others"),
        exists(_of_unit(select(Unit.id)).where(shown_to_searchers(TO_COME))).label("shown"),
        exists(_of_unit(select(Unit.id)).where(_free())).label("free"),
        time_is_up.label("time_is_up"),
    )


def _of_unit(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(Unit)
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Unit.id == _UNIT)
    )


def _free() -> Any:
    # Neither a live hold nor one that nobody has tidied away: the unique index allows neither.
    untouched = ~exists().where(Hold.unit_id == Unit.id, going_on())
    return and_(shown_to_searchers(TO_COME), space_available(TO_COME), untouched)


def _others() -> Any:
    """How many live holds the person has that count against the limit."""
    theirs = Hold.held_by == _BY, live(TO_COME.now), Hold.for_referral.is_(False)
    return select(func.count()).select_from(Hold).where(*theirs).scalar_subquery()
