"""Two people at the same moment: one does it, the other is told so in a sentence."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.common.errors import RefusedError
from directory.extensions import Database, begin_writing
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.lifecycle import draft, publish, sign
from directory.publishing.editions.reading import edition_in_preparation, published_editions
from directory.publishing.editions.verifying import verify
from tests.publishing.editions.world import People, moment_at, people, refuge, signed_edition


def at_the_same_moment(database: Database, *works: Callable[[Session], object]) -> list[object]:
    """What each of `works` returned or refused with, each committing in a transaction and a thread of its own."""
    together = threading.Barrier(len(works))
    answers: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[Session], object]) -> None:
        with database.new_session() as session:
            together.wait()
            begin_writing(session)
            try:
                answers[place] = work(session)
                session.commit()
            except RefusedError as refused:
                session.rollback()
                answers[place] = refused

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def prepared(database: Database, now: datetime) -> tuple[People, int]:
    with database.new_session.begin() as session:
        refuge(session)
        who = people(session)
        return who, signed_edition(session, who, now).id


def test_two_who_publish(database: Database, now: datetime) -> None:
    who, edition_id = prepared(database, now)

    answers = at_the_same_moment(
        database,
        *(
            lambda session, actor=actor: publish(session, edition_id, actor, moment_at(now))
            for actor in (who.preparer, who.signer)
        ),
    )

    refused = [str(answer) for answer in answers if isinstance(answer, RefusedError)]
    assert refused == [
        "It has been published already, as edition 1, on 22 November 2026. A correction is a new edition."
    ]
    with database.new_session() as session:
        assert [one.number for one in published_editions(session)] == [1]
        assert verify(session).ok


def test_two_who_draft(database: Database, now: datetime) -> None:
    with database.new_session.begin() as session:
        refuge(session)
        who = people(session)

    answers = at_the_same_moment(
        database,
        *(lambda session, actor=actor: draft(session, actor, moment_at(now)) for actor in (who.preparer, who.signer)),
    )

    with database.new_session() as session:
        assert edition_in_preparation(session) is not None
    # Whoever comes after the other has done replaces that draft; whoever comes in between is told.
    for answer in answers:
        assert not isinstance(answer, RefusedError) or "began an edition at this moment" in str(answer)


def test_nothing_slips_in_while_somebody_signs(database: Database, now: datetime) -> None:
    """An entry that is added meanwhile waits for the signature, and is then refused."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("On SQLite nobody else writes meanwhile.")
    with database.new_session.begin() as session:
        refuge(session)
        who = people(session)
        made = draft(session, who.preparer, moment_at(now))
        warnings = count_warnings(check(session, made.id, moment_at(now)))
    started = threading.Event()
    refused: list[str] = []

    def slip_in() -> None:
        with database.new_session() as other:
            other.connection()
            started.set()
            try:
                other.execute(
                    text("INSERT INTO edition_entries VALUES (:id, 'programme', 'NEW', '{}')"), {"id": made.id}
                )
                other.commit()
            except DBAPIError as error:
                refused.append(str(error.orig))

    with database.new_session() as session:
        sign(session, made.id, made.content_hash, warnings, who.signer, moment_at(now))
        thread = threading.Thread(target=slip_in)
        thread.start()
        started.wait()
        thread.join(timeout=0.3)
        assert refused == [], "it waits"
        session.commit()
        thread.join()

    assert len(refused) == 1
    assert "is not changed" in refused[0]
