"""The vocabulary of audit: each event has exactly its details, and they are references and codes."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.audit.events import REQUIRED, Event
from directory.audit.log import flush_audit, record
from directory.audit.models import AuditEntry
from directory.web.pages.audit.words import EVENT_WORDS
from tests.audit.chain import events, some_details
from tests.support.identity import smells

EVENTS = list(Event)


def bare_session() -> Session:
    """A session without a database: what is refused is refused at once."""
    return Session()


def test_every_event_has_its_keys_and_its_words() -> None:
    assert set(REQUIRED) == set(Event) == set(EVENT_WORDS)
    assert len(set(EVENT_WORDS.values())) == len(EVENTS), "two events with the same words cannot be told apart"
    assert max(map(len, EVENTS)) <= AuditEntry.event.type.length


def test_every_event_can_be_recorded(session: Session, now: datetime) -> None:
    for event in EVENTS:
        record(session, event, "system", now, **some_details(event))
    flush_audit(session)

    assert events(session) == EVENTS


@pytest.mark.parametrize("event", [event for event in EVENTS if REQUIRED[event]])
def test_a_detail_that_is_missing_is_named(event: Event, now: datetime) -> None:
    details = some_details(event)
    left_out = sorted(details)[0]
    del details[left_out]

    with pytest.raises(ValueError, match=rf"missing details \['{left_out}'\]"):
        record(bare_session(), event, "system", now, **details)


@pytest.mark.parametrize("event", EVENTS)
def test_a_detail_too_many_is_named(event: Event, now: datetime) -> None:
    with pytest.raises(ValueError, match=r"missing details \[\], details that it does not have \['more'\]"):
        record(bare_session(), event, "system", now, **some_details(event), more="abc")


def test_both_are_named_at_once(now: datetime) -> None:
    with pytest.raises(ValueError, match=r"missing details \['hold'\].*\['unit'\]"):
        record(bare_session(), Event.HOLD_MADE, "system", now, service="a-house", unit="a-house-1")


@pytest.mark.parametrize(
    "value",
    [
        *("two words", "sam@example.org", "a" * 81, "", " a", "a\n", "-a", "_a", "é", "a/b", "(07700", "+447700900123"),
        *(["a", "two words"], ("a", 1), ["a", ["b"]], {"a": "b"}, {"a"}, None, True, 1.5, b"a"),
    ],
    ids=repr,
)
def test_what_could_be_text_is_refused_and_not_repeated(value: Any, now: datetime) -> None:
    with pytest.raises(ValueError, match="audit holds no text") as refused:
        record(bare_session(), Event.GUIDANCE_CHANGED, "system", now, guidance=value)

    assert "two words" not in str(refused.value)
    assert "example.org" not in str(refused.value)


@pytest.mark.parametrize("value", ["a", "a" * 80, "Ab_9.x:y-z", 0, 12345, [], ("a", "b"), ["search"], Event.SIGNED_IN])
def test_references_codes_and_numbers_are_taken(value: Any, session: Session, now: datetime) -> None:
    record(session, Event.GUIDANCE_CHANGED, "system", now, guidance=value)
    flush_audit(session)

    assert events(session) == ["guidance_changed"]


@pytest.mark.parametrize(
    "actor", ["", "user-", "user-0", "user-1 ", "User-1", "user-one", "sam", "system\n", "user-1,2"]
)
def test_an_actor_is_an_account_or_the_system(actor: str, now: datetime) -> None:
    with pytest.raises(ValueError, match="actor"):
        record(bare_session(), Event.SIGNED_IN, actor, now)


def test_an_instant_has_a_time_zone(now: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        record(bare_session(), Event.SIGNED_IN, "system", now.replace(tzinfo=None))


def test_an_unknown_event_is_refused(now: datetime) -> None:
    with pytest.raises(ValueError, match="no such event"):
        record(bare_session(), "victim_found", "system", now)  # type: ignore[arg-type]


def names_a_unit_with_a_case(required: dict[Any, frozenset[str]]) -> list[str]:
    """Events that would tell which unit a hold or referral is about."""
    return [str(event) for event, keys in required.items() if "unit" in keys and keys & {"hold", "referral", "message"}]


def test_no_event_names_a_unit_with_a_hold_or_a_referral() -> None:
    """Firewall, rule 3: the unit's ring-fence would tell what its household needed."""
    assert names_a_unit_with_a_case(REQUIRED) == []


def test_that_check_bites() -> None:
    assert names_a_unit_with_a_case({"a": frozenset({"unit", "hold"}), "b": frozenset({"unit"})}) == ["a"]


def test_no_detail_has_a_name_that_smells_of_a_victim() -> None:
    """`message` is the reference of a message of ours, which holds no text either."""
    keys = {key for keys in REQUIRED.values() for key in keys}

    assert {key for key in keys if smells(key)} <= {"message"}
