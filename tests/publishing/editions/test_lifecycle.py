"""An edition is drafted, signed off by a second person, published, and never changed after."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Role
from directory.accounts.service import deactivate_account
from directory.audit.events import Event
from directory.audit.queries import read_entries
from directory.common.actor import SYSTEM
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.publishing.editions.canonical import content_hash, content_lines
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.lifecycle import (
    EditionChangedError,
    discard,
    draft,
    publish,
    sign,
    take_over,
    withdraw_signature,
)
from directory.publishing.editions.reading import (
    corrected_by,
    edition_in_preparation,
    entries,
    entry,
    keep_file,
    latest,
    published_editions,
    read_by_id,
    read_edition,
    read_file,
)
from directory.publishing.editions.vocabulary import EditionState, EntryKind
from tests import factories
from tests.publishing.editions.world import actor_of, moment_at, people, published_edition, refuge, signed_edition


def test_from_a_draft_to_an_edition(session: Session, now: datetime) -> None:
    house = refuge(session, units=2)
    who = people(session)

    made = published_edition(session, who, now, note="With two more rooms.")

    assert (made.number, made.state, made.services, made.units, made.bedspaces) == (1, EditionState.PUBLISHED, 1, 2, 8)
    assert made.note == "With two more rooms."
    assert made.previous_seal == ""
    assert (made.prepared_by_id, made.signed_by_id) == (who.preparer.user_id, who.signer.user_id)
    assert content_hash(content_lines(session, made.id)) == made.content_hash
    assert entry(session, made.id, EntryKind.SERVICE, house.id).body["bedspaces"] == 8
    assert edition_in_preparation(session) is None
    told = [one.event for one in read_entries(session).entries]
    assert told == [Event.EDITION_PUBLISHED, Event.EDITION_SIGNED, Event.EDITION_DRAFTED]


def test_the_next_edition_is_chained_to_the_last(session: Session, now: datetime) -> None:
    refuge(session)
    who = people(session)
    first = published_edition(session, who, now)
    second = published_edition(session, who, now + timedelta(days=30))

    assert second.previous_seal == first.seal
    assert second.seal != first.seal
    assert second.content_hash == first.content_hash, "the same catalogue is the same content, on any day"
    assert [one.number for one in published_editions(session)] == [2, 1]
    assert latest(session) == second
    assert read_edition(session, 1) == first


def test_a_correction_says_what_it_corrects_and_leaves_that_alone(session: Session, now: datetime) -> None:
    house = refuge(session)
    who = people(session)
    first = published_edition(session, who, now)
    house.phone = "020 7946 0999"
    session.flush()

    second = published_edition(session, who, now, corrects=1)

    assert second.corrects_number == 1
    assert corrected_by(session, 1) == 2
    assert corrected_by(session, 2) is None
    assert read_edition(session, 1) == first
    assert entry(session, first.id, EntryKind.SERVICE, house.id).body["phone"] == "020 7946 0000"
    with pytest.raises(NotFoundError):
        draft(session, who.preparer, moment_at(now), corrects=9)


def test_whoever_prepared_it_cannot_sign_it_off(session: Session, now: datetime) -> None:
    refuge(session)
    who = people(session)
    made = draft(session, who.preparer, moment_at(now))

    with pytest.raises(NotAllowedError, match="another commissioner"):
        sign(session, made.id, made.content_hash, 0, who.preparer, moment_at(now))
    with pytest.raises(DBAPIError, match="signed_by_a_second_person"), session.begin_nested():
        session.execute(
            text("UPDATE editions SET state = 'signed', signed_by_id = prepared_by_id, signed_at = prepared_at")
        )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMMISSIONER])
def test_only_commissioners_may(session: Session, now: datetime, role: Role) -> None:
    refuge(session)
    who, moment = people(session), moment_at(now)
    other = actor_of(factories.user(session, role))
    with pytest.raises(NotAllowedError):
        draft(session, other, moment)
    made = draft(session, who.preparer, moment)
    with pytest.raises(NotAllowedError):
        sign(session, made.id, made.content_hash, 0, other, moment)
    with pytest.raises(NotAllowedError):
        sign(session, made.id, made.content_hash, 0, SYSTEM, moment)
    with pytest.raises(NotAllowedError):
        discard(session, made.id, other, moment)
    signed = signed_edition(session, who, now)
    with pytest.raises(NotAllowedError):
        publish(session, signed.id, other, moment)
    with pytest.raises(NotAllowedError):
        withdraw_signature(session, signed.id, other, moment)


def test_a_deactivated_commissioner_cannot_sign(session: Session, now: datetime) -> None:
    refuge(session)
    who, moment = people(session), moment_at(now)
    made = draft(session, who.preparer, moment)
    deactivate_account(session, session.get_one(User, who.signer.user_id), now)

    with pytest.raises(NotAllowedError, match="active account"):
        sign(session, made.id, made.content_hash, 0, who.signer, moment)


def test_what_was_not_seen_cannot_be_signed(session: Session, now: datetime) -> None:
    house = refuge(session)
    who, moment = people(session), moment_at(now)
    made = draft(session, who.preparer, moment)
    warnings = count_warnings(check(session, made.id, moment))
    with pytest.raises(EditionChangedError, match="you were shown"):
        sign(session, made.id, made.content_hash, warnings + 1, who.signer, moment)
    house.name = "Another name"
    session.flush()
    again = draft(session, who.preparer, moment)

    with pytest.raises(EditionChangedError, match="changed after you opened it") as refused:
        sign(session, made.id, made.content_hash, warnings, who.signer, moment)
    assert refused.value.current == again


def test_an_edition_without_a_service_cannot_be_signed(session: Session, now: datetime) -> None:
    factories.organisation(session)
    who, moment = people(session), moment_at(now)
    made = draft(session, who.preparer, moment)

    with pytest.raises(RefusedError, match="No service is published"):
        sign(session, made.id, made.content_hash, 0, who.signer, moment)


def test_a_scheduled_draft_needs_somebody_who_stands_for_it(session: Session, now: datetime) -> None:
    refuge(session)
    who, moment = people(session), moment_at(now)
    made = draft(session, SYSTEM, moment)
    warnings = count_warnings(check(session, made.id, moment))

    with pytest.raises(RefusedError, match="takes it over"):
        sign(session, made.id, made.content_hash, warnings, who.signer, moment)
    taken = take_over(session, made.id, who.preparer, moment)
    assert taken.prepared_by_id == who.preparer.user_id
    with pytest.raises(RefusedError, match="prepared this draft already"):
        take_over(session, made.id, who.signer, moment)
    assert sign(session, made.id, made.content_hash, warnings, who.signer, moment).state is EditionState.SIGNED


def test_nothing_is_drafted_while_one_is_signed(session: Session, now: datetime) -> None:
    refuge(session)
    who, moment = people(session), moment_at(now)
    signed = signed_edition(session, who, now)

    with pytest.raises(RefusedError, match="withdraw the signature"):
        draft(session, who.preparer, moment)
    with pytest.raises(RefusedError, match="Withdraw the signature"):
        discard(session, signed.id, who.preparer, moment)
    with pytest.raises(RefusedError, match="signed off"):
        sign(session, signed.id, signed.content_hash, 0, who.signer, moment)

    assert withdraw_signature(session, signed.id, who.preparer, moment).signed_by_id is None
    draft(session, who.signer, moment)
    discard(session, signed.id, who.preparer, moment)
    assert edition_in_preparation(session) is None
    assert entries(session, signed.id, EntryKind.SERVICE) == []


def test_only_what_is_signed_is_published_and_only_once(session: Session, now: datetime) -> None:
    refuge(session)
    who, moment = people(session), moment_at(now)
    made = draft(session, who.preparer, moment)
    with pytest.raises(RefusedError, match="not signed off"):
        publish(session, made.id, who.preparer, moment)
    published = published_edition(session, who, now)
    for again in (publish, withdraw_signature, discard):
        with pytest.raises(RefusedError, match="published already, as edition 1"):
            again(session, published.id, who.preparer, moment)
    with pytest.raises(NotFoundError):
        publish(session, 2**40, who.preparer, moment)


@pytest.mark.parametrize("note", ["Mrs Smith has moved in", "Ring 07700 900123", "x" * 301, "an asylum seeker came"])
def test_a_note_that_tells_of_somebody_is_not_kept(session: Session, now: datetime, note: str) -> None:
    refuge(session)
    with pytest.raises(InvalidInputError) as refused:
        draft(session, people(session).preparer, moment_at(now), note=note)
    assert {problem.field for problem in refused.value.problems} == {"note"}
    assert edition_in_preparation(session) is None


def test_a_draft_says_what_the_catalogue_said(session: Session, now: datetime) -> None:
    house = refuge(session)
    who = people(session)
    made = draft(session, who.preparer, moment_at(now))
    house.name = "Another name"
    session.flush()

    found = {one.code: one.found for one in check(session, made.id, moment_at(now))}
    assert [(one.id, one.why.partition(".")[0]) for one in found["changed_since"]] == [(house.id, "It was changed")]
    assert draft(session, who.preparer, moment_at(now)).id == made.id
    assert entry(session, made.id, EntryKind.SERVICE, house.id).body["name"] == "Another name"


def test_files_are_kept_of_published_editions_alone(session: Session, now: datetime) -> None:
    refuge(session)
    who = people(session)
    signed = signed_edition(session, who, now)
    keep_file(session, signed.id, "edition.pdf", b"too early", now)
    assert read_file(session, signed.id, "edition.pdf") is None
    publish(session, signed.id, who.signer, moment_at(now))
    for content in (b"one", b"another"):
        keep_file(session, signed.id, "edition.pdf", content, now)
    assert read_file(session, signed.id, "edition.pdf") == b"another"
    assert read_by_id(session, signed.id).number == 1
