"""Receipts and the links that acknowledge them: once, by whoever holds the link, and written down as that person's."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.common.errors import NotFoundError
from directory.publishing.cascade.issued import IssuedEdition
from directory.publishing.cascade.links import LINK_LIFE, LinkState, acknowledge_with, make_link, open_link
from directory.publishing.cascade.receipts import acknowledge, mark_seen, receipt_of
from directory.publishing.cascade.sending import send_out
from tests.publishing.cascade.world import DAY, MONDAY, audited, issue, officers, receipt

LATER = MONDAY + DAY


@pytest.fixture
def officer(session: Session) -> User:
    """An officer."""
    return officers(session, 1)[0]


@pytest.fixture
def edition(session: Session, officer: User) -> IssuedEdition:
    """An edition that was sent to the officer."""
    made = issue(session)
    send_out(session, made.id, MONDAY)
    return made


@pytest.fixture
def token(session: Session, officer: User, edition: IssuedEdition) -> str:
    """The token of a link to the officer's receipt."""
    return make_link(session, edition.id, officer.id, MONDAY)


def test_what_is_seen_first_counts(session: Session, officer: User, edition: IssuedEdition) -> None:
    assert mark_seen(session, edition.id, officer.id, LATER)
    assert not mark_seen(session, edition.id, officer.id, LATER + DAY)

    found = receipt_of(session, edition.id, officer.id)
    assert found is not None
    assert (found.seen_at, found.acknowledged_at) == (LATER, None)


def test_acknowledged_is_seen_and_is_written_down_once(session: Session, officer: User, edition: IssuedEdition) -> None:
    assert acknowledge(session, edition.id, officer.id, LATER)
    assert not acknowledge(session, edition.id, officer.id, LATER + DAY)

    kept = receipt(session, edition, officer)
    assert (kept.seen_at, kept.acknowledged_at) == (LATER, LATER)
    assert audited(session, "edition_acknowledged") == [(f"user-{officer.id}", {"edition": edition.id})]


def test_when_it_was_seen_before_stays(session: Session, officer: User, edition: IssuedEdition) -> None:
    mark_seen(session, edition.id, officer.id, MONDAY)
    acknowledge(session, edition.id, officer.id, LATER)

    kept = receipt(session, edition, officer)
    assert (kept.seen_at, kept.acknowledged_at) == (MONDAY, LATER)


def test_whom_it_was_not_sent_to_has_nothing_to_acknowledge(session: Session, edition: IssuedEdition) -> None:
    stranger = officers(session, 1)[0]

    assert not mark_seen(session, edition.id, stranger.id, LATER)
    assert receipt_of(session, edition.id, stranger.id) is None
    with pytest.raises(NotFoundError):
        acknowledge(session, edition.id, stranger.id, LATER)


def test_opening_a_link_changes_nothing(session: Session, officer: User, edition: IssuedEdition, token: str) -> None:
    found = open_link(session, token, LATER)

    assert (found.state, found.number, found.as_of) == (LinkState.USABLE, edition.number, edition.as_of)
    assert receipt(session, edition, officer).seen_at is None


def test_a_link_acknowledges_as_often_as_it_is_pressed(
    session: Session, officer: User, edition: IssuedEdition, token: str
) -> None:
    other = make_link(session, edition.id, officer.id, MONDAY)

    assert acknowledge_with(session, token, LATER).state is LinkState.ACKNOWLEDGED
    assert acknowledge_with(session, token, LATER + DAY).state is LinkState.ACKNOWLEDGED
    assert open_link(session, other, LATER).state is LinkState.ACKNOWLEDGED
    assert receipt(session, edition, officer).acknowledged_at == LATER
    assert len(audited(session, "edition_acknowledged")) == 1


def test_a_link_ends_after_four_weeks(session: Session, officer: User, edition: IssuedEdition, token: str) -> None:
    assert open_link(session, token, MONDAY + LINK_LIFE - timedelta(seconds=1)).state is LinkState.USABLE
    assert acknowledge_with(session, token, MONDAY + LINK_LIFE).state is LinkState.EXPIRED
    assert receipt(session, edition, officer).acknowledged_at is None


def test_a_link_ends_with_the_account(session: Session, officer: User, edition: IssuedEdition, token: str) -> None:
    officer.active = False
    session.flush()

    assert acknowledge_with(session, token, LATER).state is LinkState.EXPIRED
    assert receipt(session, edition, officer).acknowledged_at is None


@pytest.mark.parametrize("wrong", ["", "x", "A" * 22, "\udcff"])
def test_any_other_token_is_unknown(session: Session, token: str, wrong: str) -> None:
    assert open_link(session, wrong, LATER).state is LinkState.UNKNOWN
    assert acknowledge_with(session, wrong, LATER).number == 0
