"""Drafts: free texts are screened before anything is stored, and only the author goes on with one."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.common.errors import InvalidInputError, NotFoundError
from directory.referrals.lifecycle import MoveRefusedError
from directory.referrals.service import Keystore, Option, hold_of_draft, problems_of, read_draft
from tests import factories
from tests.factories.referrals import CONTACT, actor, content, moment, referral


@pytest.fixture
def keystore(tmp_path: Path) -> Keystore:
    return Keystore(f"sqlite:///{tmp_path}/keys.sqlite3")


@pytest.mark.parametrize("field", ["alias", "safe_times", "say"])
def test_the_texts_of_a_safe_contact_are_screened_before_they_are_sealed(
    session: Session, keystore: Keystore, now: datetime, field: str
) -> None:
    telling = replace(CONTACT, **{field: "her visa"})
    unit = factories.unit(session)

    with pytest.raises(InvalidInputError) as refused:
        referral(session, keystore, factories.user(session), [unit], now, sent=False, contact=telling)

    assert {problem.field for problem in refused.value.problems} == {field}
    assert session.execute(text("SELECT count(*) FROM sealed_contacts")).scalar_one() == 0
    found = problems_of(session, content(now), telling, now)
    assert {problem.field for problem in found} == {field}


def test_a_draft_comes_back_as_it_was_written(session: Session, keystore: Keystore, now: datetime) -> None:
    author, unit = factories.user(session), factories.unit(session)
    reference = referral(session, keystore, author, [unit], now, sent=False, note="Needs a cot")

    draft = read_draft(session, keystore, reference, actor(author), now)

    assert draft.content == content(now, note="Needs a cot")
    assert draft.contact == CONTACT
    assert draft.plan == (Option(unit.service_id, unit.id),)
    assert draft.held_until is None


def test_the_hold_on_its_first_service_is_known(session: Session, keystore: Keystore, now: datetime) -> None:
    author, unit = factories.user(session), factories.unit(session)
    reference = referral(session, keystore, author, [unit], now, sent=False)
    hold_unit(session, unit.id, actor(author), "key", moment(now), HoldTerms(timedelta(hours=2), 3))

    assert hold_of_draft(session, reference, actor(author), now) == now + timedelta(hours=2)
    assert hold_of_draft(session, reference, actor(author), now + timedelta(hours=2)) is None


def test_nobody_else_reads_it_and_nobody_once_it_was_sent(session: Session, keystore: Keystore, now: datetime) -> None:
    author = factories.user(session)
    service = factories.service(session, kind="helpline", referral_email="line@example.org")
    draft = referral(session, keystore, author, [service], now, sent=False)
    sent = referral(session, keystore, author, [service], now)
    stranger = actor(factories.user(session))

    for read in (read_draft, lambda session, _keystore, *rest: hold_of_draft(session, *rest)):
        with pytest.raises(NotFoundError):
            read(session, keystore, draft, stranger, now)
    with pytest.raises(MoveRefusedError):
        read_draft(session, keystore, sent, actor(author), now)
    with pytest.raises(MoveRefusedError):
        read_draft(session, keystore, draft, actor(author), now + timedelta(hours=2))


def test_a_double_tap_writes_one_draft_of_a_unit(session: Session, keystore: Keystore, now: datetime) -> None:
    author, unit = factories.user(session), factories.unit(session)

    first = referral(session, keystore, author, [unit], now, sent=False, note="Needs a cot")
    again = referral(session, keystore, author, [unit], now, sent=False, note="Needs two cots")
    somebody_elses = referral(session, keystore, factories.user(session), [unit], now, sent=False)

    assert again == first != somebody_elses
    assert read_draft(session, keystore, first, actor(author), now).content.note == "Needs two cots"
    later = referral(session, keystore, author, [unit], now + timedelta(hours=2), sent=False)
    assert later != first, "a draft that has lapsed is not written on"
