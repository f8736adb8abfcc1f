"""The database itself refuses what must never be: plain SQL, past the product, on both databases.

Each refusal names the rule that was broken; a statement that breaks none goes through, so that it is the rule that
bites, not a mistake in the statement.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.holds.live import HELD, NOT_OPEN
from directory.capacity.models import Unit, UnitState
from tests import factories

INSERT = (
    "INSERT INTO holds (id, unit_id, service_id, held_by, held_at, expires_at, extended_at, for_referral, ended_at, "
    "outcome, idempotency_key) VALUES (:id, :unit_id, :service_id, :held_by, :held_at, :expires_at, :extended_at, "
    ":for_referral, :ended_at, :outcome, :idempotency_key)"
)


@pytest.fixture
def unit(session: Session) -> Unit:
    return factories.unit(session)


@pytest.fixture
def officer(session: Session) -> User:
    return factories.user(session)


@pytest.fixture
def row(unit: Unit, officer: User, now: datetime) -> dict[str, Any]:
    """A hold that breaks no rule."""
    return {
        "id": "a" * 16,
        "unit_id": unit.id,
        "service_id": unit.service_id,
        "held_by": officer.id,
        "held_at": now,
        "expires_at": now + timedelta(hours=2),
        "extended_at": None,
        "for_referral": False,
        "ended_at": None,
        "outcome": None,
        "idempotency_key": "0" * 64,
    }


def run(session: Session, statement: str, **values: Any) -> int:
    """Run plain SQL; instants as the database keeps them. Returns how many rows it met."""
    if session.get_bind().dialect.name == "sqlite":
        values = {
            name: f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value
            for name, value in values.items()
        }
    result: Any = session.execute(text(statement), values)
    return int(result.rowcount)


def refused(session: Session, statement: str, rule: str, **values: Any) -> None:
    """Insist that the database refuses `statement` by the rule with these words."""
    savepoint = session.begin_nested()
    with pytest.raises(IntegrityError) as error:
        run(session, statement, **values)
    savepoint.rollback()
    assert rule in str(error.value.orig)


# SQLite names the column of a unique index, PostgreSQL the index.
SECOND = "unit"


def test_the_row_of_these_tests_breaks_no_rule(session: Session, row: dict[str, Any]) -> None:
    assert run(session, INSERT, **row) == 1


def test_a_second_hold_on_a_unit_is_refused(session: Session, row: dict[str, Any]) -> None:
    run(session, INSERT, **row)
    other = row | {"id": "b" * 16, "held_by": factories.user(session).id, "idempotency_key": "1" * 64}

    refused(session, INSERT, SECOND, **other)
    refused(session, INSERT, SECOND, **other | {"expires_at": row["expires_at"] + timedelta(days=9)})
    elsewhere = factories.unit(session)
    run(session, INSERT, **other | {"unit_id": elsewhere.id, "service_id": elsewhere.service_id})
    refused(
        session,
        "UPDATE holds SET unit_id = :unit_id, service_id = :service_id WHERE id = :id",
        SECOND,
        unit_id=row["unit_id"],
        service_id=row["service_id"],
        id=other["id"],
    )


@pytest.mark.parametrize("state", [UnitState.OCCUPIED, UnitState.CLOSED])
def test_a_hold_on_a_unit_that_is_not_open_is_refused(
    session: Session, row: dict[str, Any], now: datetime, state: UnitState
) -> None:
    taken = factories.unit(session, state=state)
    on_it = {"unit_id": taken.id, "service_id": taken.service_id}

    refused(session, INSERT, NOT_OPEN, **row | on_it)
    run(session, INSERT, **row)
    refused(session, "UPDATE holds SET unit_id = :unit_id, service_id = :service_id", NOT_OPEN, **on_it)
    run(session, "UPDATE holds SET unit_id = NULL, ended_at = :now, outcome = 'released'", now=now)
    again = "UPDATE holds SET unit_id = :unit_id, service_id = :service_id, ended_at = NULL, outcome = NULL"
    refused(session, again, NOT_OPEN, **on_it)


@pytest.mark.parametrize("state", ["occupied", "closed"])
def test_a_held_unit_stays_open(session: Session, row: dict[str, Any], now: datetime, state: str) -> None:
    change = "UPDATE units SET state = :state WHERE id = :unit"
    run(session, INSERT, **row)

    refused(session, change, HELD, unit=row["unit_id"], state=state)
    run(session, "UPDATE units SET state = 'open', bedspaces = 3 WHERE id = :unit", unit=row["unit_id"])
    run(session, "UPDATE holds SET unit_id = NULL, ended_at = :now, outcome = 'released'", now=now)
    assert run(session, change, unit=row["unit_id"], state=state) == 1


def test_a_held_unit_is_not_handed_over_removed_or_deleted(
    session: Session, row: dict[str, Any], now: datetime
) -> None:
    other = factories.service(session)
    run(session, INSERT, **row)
    session.execute(text("DELETE FROM unit_state_periods"))

    refused(session, "UPDATE units SET service_id = :service", HELD, service=other.id)
    refused(session, "UPDATE units SET removed_at = :now, state = 'closed'", HELD, now=now)
    for gone in ("DELETE FROM units WHERE id = :unit", "UPDATE units SET id = 'another' WHERE id = :unit"):
        savepoint = session.begin_nested()
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            run(session, gone, unit=row["unit_id"])
        savepoint.rollback()


def test_a_hold_and_its_unit_are_of_one_service(session: Session, row: dict[str, Any]) -> None:
    other = factories.service(session)

    refused(session, INSERT, NOT_OPEN, **row | {"service_id": other.id})
    run(session, INSERT, **row)
    refused(session, "UPDATE holds SET service_id = :service", NOT_OPEN, service=other.id)


ENDED = {"unit_id": None, "outcome": "released"}


def test_a_hold_that_ended_breaks_no_rule(session: Session, row: dict[str, Any], now: datetime) -> None:
    assert run(session, INSERT, **row | ENDED | {"ended_at": now}) == 1


def test_each_constraint_bites(session: Session, row: dict[str, Any], now: datetime) -> None:
    later = row["expires_at"]
    broken = {
        "lasts": {"expires_at": now},
        "ended_has_outcome": {"ended_at": now, "unit_id": None},
        "ended_names_no_unit": {"ended_at": now, "outcome": "released"},
        "expires_in_time": {"ended_at": now, "outcome": "expired", "unit_id": None},
        "outcome": {"ended_at": now, "outcome": "nrpf", "unit_id": None},
    }
    for name, wrong in broken.items():
        refused(session, INSERT, name, **row | wrong)
    assert run(session, INSERT, **row | {"ended_at": later, "outcome": "expired", "unit_id": None}) == 1


def test_a_hold_that_goes_on_has_no_outcome_and_names_its_unit(session: Session, row: dict[str, Any]) -> None:
    refused(session, INSERT, "ended_has_outcome", **row | {"outcome": "released"})
    # The trigger comes first, the constraint would after it: which of the two says it does not matter.
    savepoint = session.begin_nested()
    with pytest.raises(IntegrityError):
        run(session, INSERT, **row | {"unit_id": None})
    savepoint.rollback()


@pytest.mark.parametrize(
    "column", ["service_id", "held_by", "held_at", "expires_at", "for_referral", "idempotency_key"]
)
def test_nothing_that_a_hold_needs_is_missing(
    session: Session, row: dict[str, Any], now: datetime, column: str
) -> None:
    refused(session, INSERT, column, **row | ENDED | {"ended_at": now} | {column: None})


@pytest.mark.parametrize(("column", "nobody"), [("held_by", 0), ("service_id", "nowhere")])
def test_what_a_hold_names_is_there(
    session: Session, row: dict[str, Any], now: datetime, column: str, nobody: object
) -> None:
    savepoint = session.begin_nested()
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        run(session, INSERT, **row | ENDED | {"ended_at": now} | {column: nobody})
    savepoint.rollback()


def test_one_person_uses_a_key_once(session: Session, row: dict[str, Any], now: datetime) -> None:
    run(session, INSERT, **row | ENDED | {"ended_at": now})

    refused(session, INSERT, "idempotency_key", **row | {"id": "b" * 16})
    assert run(session, INSERT, **row | {"id": "b" * 16, "held_by": factories.user(session).id}) == 1


def test_counts_are_of_something(session: Session, unit: Unit) -> None:
    insert = "INSERT INTO unit_hold_counts (unit_id, day, holds) VALUES (:unit, '2026-11-22', :holds)"

    refused(session, insert, "holds", unit=unit.id, holds=0)
    assert run(session, insert, unit=unit.id, holds=1) == 1
