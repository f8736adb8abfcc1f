"""Entries are written with what they are about, or not at all."""

import hashlib
import json
import re
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.audit.chain import FIRST_HASH, entry_hash
from directory.audit.events import Event
from directory.audit.log import flush_audit, record
from directory.audit.models import AuditEntry
from directory.extensions import Database, begin_writing
from tests import factories
from tests.audit.chain import HEAD, entries, events, make_chain
from tests.support.databases import count_statements


def test_an_entry_is_written_with_the_commit(session: Session, now: datetime) -> None:
    record(session, Event.HOLD_MADE, "user-7", now, service="a-house", hold="h1")
    assert events(session) == []

    session.commit()

    row = entries(session)[0]
    assert (row.sequence, row.event, row.actor) == (1, "hold_made", "user-7")
    assert row.details == '{"hold":"h1","service":"a-house"}'
    assert session.scalar(select(AuditEntry.at)) == now


def test_each_entry_is_bound_to_the_one_before(session: Session, now: datetime) -> None:
    make_chain(session, now, 3)
    make_chain(session, now, 2)

    rows = entries(session)
    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous_hash for row in rows] == [FIRST_HASH, *(row.hash for row in rows[:-1])]
    assert tuple(session.execute(HEAD).one()) == (5, rows[-1].hash)


def test_the_hash_is_of_all_columns_in_a_form_that_can_be_made_elsewhere(session: Session, now: datetime) -> None:
    record(session, Event.TOKEN_ISSUED, "system", now, account="user-3", scopes=("search", "holds"))
    flush_audit(session)

    row = entries(session)[0]
    whole = [1, "2026-11-22T02:00:00.000000+00:00", "token_issued", "system", row.details, "0" * 64]
    assert row.details == '{"account":"user-3","scopes":["search","holds"]}'
    assert row.hash == hashlib.sha256(json.dumps(whole, separators=(",", ":")).encode()).hexdigest()


def test_the_hash_knows_the_instant_and_not_how_it_is_written(now: datetime) -> None:
    elsewhere = now.astimezone(timezone(timedelta(hours=5)))
    columns = ("signed_in", "system", "{}", FIRST_HASH)

    assert entry_hash(1, now, *columns) == entry_hash(1, elsewhere, *columns)
    assert entry_hash(1, now, *columns) != entry_hash(1, now + timedelta(microseconds=1), *columns)


def test_columns_cannot_run_into_each_other(now: datetime) -> None:
    assert entry_hash(1, now, "a", "b,c", "", "") != entry_hash(1, now, "a,b", "c", "", "")
    assert entry_hash(1, now, 'a","b', "c", "", "") != entry_hash(1, now, "a", 'b","c', "", "")


def test_what_is_rolled_back_leaves_no_entry(session: Session, now: datetime) -> None:
    record(session, Event.SIGNED_IN, "user-1", now)
    session.rollback()
    record(session, Event.SIGNED_IN, "user-2", now)
    session.commit()
    session.commit()

    assert [row.actor for row in entries(session)] == ["user-2"]


def test_what_was_flushed_is_rolled_back_too(session: Session, now: datetime) -> None:
    make_chain(session, now, 2)
    session.rollback()
    make_chain(session, now, 1)
    session.commit()

    assert [(row.sequence, row.actor) for row in entries(session)] == [(1, "user-1")]


def test_a_transaction_begun_anew_for_writing_starts_without_entries(session: Session, now: datetime) -> None:
    record(session, Event.SIGNED_IN, "user-1", now)
    begin_writing(session)
    record(session, Event.SIGNED_IN, "user-2", now)
    session.commit()

    assert [row.actor for row in entries(session)] == ["user-2"]


def test_one_session_may_commit_many_times(session: Session, now: datetime) -> None:
    for number in (1, 2, 3):
        record(session, Event.SIGNED_IN, f"user-{number}", now)
        session.commit()

    assert [(row.sequence, row.actor) for row in entries(session)] == [(1, "user-1"), (2, "user-2"), (3, "user-3")]


def test_a_savepoint_that_is_rolled_back_takes_its_entries_along(session: Session, now: datetime) -> None:
    record(session, Event.SIGNED_IN, "user-1", now)
    savepoint = session.begin_nested()
    record(session, Event.SIGNED_IN, "user-2", now)
    savepoint.rollback()
    record(session, Event.SIGNED_IN, "user-3", now)
    session.commit()

    assert [row.actor for row in entries(session)] == ["user-1", "user-3"]


def test_a_savepoint_that_is_kept_keeps_its_entries(session: Session, now: datetime) -> None:
    with session.begin_nested():
        record(session, Event.SIGNED_IN, "user-1", now)
        with session.begin_nested():
            record(session, Event.SIGNED_IN, "user-2", now)
        assert events(session) == [], "the head is not locked before the whole is committed"
    record(session, Event.SIGNED_IN, "user-3", now)
    session.commit()

    assert [row.actor for row in entries(session)] == ["user-1", "user-2", "user-3"]


def test_what_is_kept_within_what_is_rolled_back_is_not_written(session: Session, now: datetime) -> None:
    outer = session.begin_nested()
    with session.begin_nested():
        record(session, Event.SIGNED_IN, "user-1", now)
    outer.rollback()
    inner = session.begin_nested()
    session.begin_nested()
    record(session, Event.SIGNED_IN, "user-2", now)
    inner.rollback()
    record(session, Event.SIGNED_IN, "user-3", now)
    session.commit()

    assert [row.actor for row in entries(session)] == ["user-3"]


def test_a_savepoint_whose_own_rows_are_refused_takes_its_entries_along(session: Session, now: datetime) -> None:
    user = factories.user(session)
    values = {name: getattr(user, name) for name in ("email", "name", "role", "session_key", "created_at")}
    savepoint = session.begin_nested()
    record(session, Event.SIGNED_IN, "user-1", now)
    session.add(User(**values))
    with pytest.raises(IntegrityError):
        savepoint.commit()
    savepoint.rollback()
    record(session, Event.SIGNED_IN, "user-2", now)
    session.commit()

    assert [row.actor for row in entries(session)] == ["user-2"]


def test_committing_with_savepoints_open_keeps_everything(session: Session, now: datetime) -> None:
    session.begin_nested()
    record(session, Event.SIGNED_IN, "user-1", now)
    session.begin_nested()
    record(session, Event.SIGNED_IN, "user-2", now)
    session.commit()

    assert [row.actor for row in entries(session)] == ["user-1", "user-2"]


def test_committing_around_an_open_savepoint_is_refused_rather_than_unaudited(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    with database.new_session() as session:
        whole = session.begin()
        factories.user(session, email="left@example.org")
        session.begin_nested()
        record(session, Event.SIGNED_IN, "user-1", now)
        with pytest.raises(RuntimeError, match="end the savepoint first"):
            whole.commit()
        session.rollback()
        assert events(session) == []
        assert session.scalar(select(User.id).where(User.email == "left@example.org")) is None
    database.engine.dispose()


def test_nothing_is_written_within_a_savepoint(session: Session, now: datetime) -> None:
    record(session, Event.SIGNED_IN, "user-1", now)
    with session.begin_nested(), pytest.raises(RuntimeError, match="savepoint"):
        flush_audit(session)
    session.commit()

    assert events(session) == ["signed_in"]


def test_a_transaction_that_begins_with_a_block_is_audited(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    with database.new_session.begin() as session:
        record(session, Event.SIGNED_IN, "user-1", now)
    with database.new_session() as session, session.begin(), session.begin_nested():
        record(session, Event.SIGNED_IN, "user-2", now)
    with suppress(ZeroDivisionError), database.new_session.begin() as session:
        record(session, Event.SIGNED_IN, "user-3", now)
        raise ZeroDivisionError
    with database.new_session() as session:
        record(session, Event.SIGNED_IN, "user-4", now)
    with database.new_session() as session:
        assert [row.actor for row in entries(session)] == ["user-1", "user-2"]
    database.engine.dispose()


def test_the_head_is_locked_after_everything_else_is_written(session: Session, now: datetime) -> None:
    user = factories.user(session)
    session.commit()
    with count_statements(session.get_bind().engine) as statements:
        record(session, Event.SIGNED_IN, "user-1", now)
        record(session, Event.SIGNED_IN, "user-2", now)
        user.area = "Central East"
        session.commit()

    written = [re.findall(r"(?:UPDATE|INTO) (\w+)", statement) for statement in statements]
    assert written[:2] == [["users"], ["audit_head"]]
    assert {table for tables in written[1:] for table in tables} == {"audit_head", "audit_entries"}
    assert len(statements) <= 5


def test_a_commit_without_entries_costs_nothing(session: Session) -> None:
    factories.user(session)
    with count_statements(session.get_bind().engine) as statements:
        session.commit()

    assert statements == []


def test_without_a_head_nothing_is_done_unaudited(session: Session, now: datetime) -> None:
    factories.user(session, email="left@example.org")
    session.execute(text("DELETE FROM audit_head"))
    record(session, Event.SIGNED_IN, "user-1", now)

    with pytest.raises(RuntimeError, match="lost its head"):
        session.commit()

    session.rollback()
    assert session.scalar(select(User.id).where(User.email == "left@example.org")) is None
