"""Reading the trail: newest first, page by page, by event and by reference."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import flush_audit, record
from directory.audit.queries import read_entries
from tests.audit.chain import make_chain


def sequences(session: Session, **asked: object) -> list[int]:
    """Which entries are found."""
    return [entry.sequence for entry in read_entries(session, **asked).entries]  # type: ignore[arg-type]


@pytest.fixture
def trail(session: Session, now: datetime) -> Session:
    """Six entries of several kinds."""
    record(session, Event.HOLD_MADE, "user-1", now, hold="h1", service="a_house")
    record(session, Event.HOLD_MADE, "user-2", now, hold="h11", service="axhouse")
    record(session, Event.REFERRAL_SHOWN, "user-12", now, referral="r1", fields=("needs", "adults"))
    record(session, Event.ACCOUNT_CREATED, "system", now, account="user-1")
    record(session, Event.CATALOGUE_IMPORTED, "system", now, added=12, changed=0, removed=3)
    record(session, Event.SIGNED_IN, "user-1", now)
    flush_audit(session)
    return session


def test_entries_are_facts_newest_first(trail: Session, now: datetime) -> None:
    found = read_entries(trail).entries

    assert [entry.sequence for entry in found] == [6, 5, 4, 3, 2, 1]
    assert found[3].details == (("fields", ("needs", "adults")), ("referral", "r1"))
    assert found[1].details == (("added", 12), ("changed", 0), ("removed", 3))
    assert (found[5].at, found[5].event, found[5].actor) == (now, "hold_made", "user-1")


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("h1", [1]),
        ("h11", [2]),
        ("r1", [3]),
        ("user-1", [6, 4, 1]),
        ("user-12", [3]),
        ("a_house", [1]),
        ("needs", [3]),
        ("adults", [3]),
        ("system", [5, 4]),
        *((nothing, []) for nothing in ("hold", "service", "fields", "12", "h", "%", '"h1"', "nobody")),
    ],
)
def test_a_reference_is_found_whole(trail: Session, reference: str, expected: list[int]) -> None:
    assert sequences(trail, reference=reference) == expected


def test_one_event_is_found(trail: Session) -> None:
    assert sequences(trail, event=Event.HOLD_MADE) == [2, 1]
    assert sequences(trail, event=Event.HOLD_MADE, reference="user-1") == [1]
    assert sequences(trail, event=Event.REFERRAL_SENT) == []


@pytest.mark.parametrize("length", [1, 4, 5, 6, 10, 11])
def test_pages_follow_each_other_without_gap_or_repetition(session: Session, now: datetime, length: int) -> None:
    make_chain(session, now, length)
    seen: list[int] = []
    older_than = None
    while True:
        page = read_entries(session, older_than=older_than, limit=5)
        seen += [entry.sequence for entry in page.entries]
        older_than = page.older_than
        if older_than is None:
            break
        make_chain(session, now, 1)  # what is added meanwhile moves nothing

    assert seen == list(range(length, 0, -1))
