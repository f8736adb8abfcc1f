"""What is signed or published the database itself refuses to change, on both databases."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.common.errors import RefusedError
from directory.publishing.editions.lifecycle import draft, publish
from directory.publishing.editions.models import Edition
from directory.publishing.editions.reading import edition_in_preparation, read_by_id
from directory.publishing.editions.verifying import verify
from tests.publishing.editions.world import (
    moment_at,
    people,
    published_edition,
    refuge,
    signed_edition,
    without_protection,
)

OF_EDITIONS = (
    "UPDATE editions SET note = 'better'",
    "UPDATE editions SET as_of = '2020-01-01'",
    "UPDATE editions SET content_hash = previous_seal || content_hash, warnings = 3",
    "UPDATE editions SET prepared_by_id = NULL",
    "DELETE FROM editions",
)
OF_ENTRIES = (
    "UPDATE edition_entries SET body = '{}'",
    "UPDATE edition_entries SET edition_id = edition_id + 1000",
    "DELETE FROM edition_entries",
    "INSERT INTO edition_entries (edition_id, kind, entry_id, body) SELECT id, 'programme', 'NEW', '{}' FROM editions",
)
OF_PUBLISHED = (
    "UPDATE editions SET state = 'draft', number = NULL, published_at = NULL, seal = '', slot = 1",
    "UPDATE editions SET number = 2",
    "UPDATE editions SET seal = content_hash",
)
REFUSED = r"never changed|is not changed"


def refuses(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match=REFUSED), session.begin_nested():
        session.execute(text(statement))


def test_a_published_edition_is_never_changed(session: Session, now: datetime) -> None:
    refuge(session)
    published_edition(session, people(session), now)
    for statement in (*OF_EDITIONS, *OF_ENTRIES, *OF_PUBLISHED):
        refuses(session, statement)
    assert verify(session).ok


def test_nor_is_one_that_is_signed_off(session: Session, now: datetime) -> None:
    refuge(session)
    signed = signed_edition(session, people(session), now)
    for statement in (*OF_EDITIONS, *OF_ENTRIES):
        refuses(session, statement)
    assert read_by_id(session, signed.id) == signed


def test_nothing_replaces_a_published_edition(session: Session, now: datetime) -> None:
    refuge(session)
    published_edition(session, people(session), now)
    columns = ", ".join(column.name for column in Edition.__table__.columns)
    another = columns.replace(" note,", " 'other',")
    insert = f"INTO editions ({columns}) SELECT {another} FROM editions"  # noqa: S608 - written above
    if session.get_bind().dialect.name == "sqlite":
        refuses(session, f"INSERT OR REPLACE {insert}")
        refuses(
            session, "INSERT OR REPLACE INTO edition_entries SELECT edition_id, kind, entry_id, '' FROM edition_entries"
        )
    else:
        refuses(session, f"INSERT {insert} ON CONFLICT (id) DO UPDATE SET note = excluded.note")
        refuses(session, "TRUNCATE edition_entries")
        refuses(session, "TRUNCATE editions CASCADE")
    assert verify(session).ok


def test_what_is_signed_is_compared_again_before_it_is_published(session: Session, now: datetime) -> None:
    refuge(session)
    who = people(session)
    signed = signed_edition(session, who, now)
    with without_protection(session):
        session.execute(text("UPDATE edition_entries SET body = '{}' WHERE kind = 'service'"))

    with pytest.raises(RefusedError, match="changed in the database"):
        publish(session, signed.id, who.preparer, moment_at(now))


def test_there_is_one_place_for_an_edition_in_preparation(session: Session, now: datetime) -> None:
    refuge(session)
    made = draft(session, people(session).preparer, moment_at(now))
    columns = ", ".join(column.name for column in Edition.__table__.columns if column.name != "id")
    with pytest.raises(DBAPIError, match=r"slot|UNIQUE"), session.begin_nested():
        session.execute(text(f"INSERT INTO editions ({columns}) SELECT {columns} FROM editions"))  # noqa: S608
    assert edition_in_preparation(session) == made
