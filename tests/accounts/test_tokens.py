"""Bearer tokens."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.accounts.models import ApiToken
from directory.accounts.permissions import Scope
from directory.accounts.tokens import find_token, issue_token
from directory.common.errors import InvalidInputError
from tests import factories
from tests.support.databases import count_statements


def test_a_token_leads_to_its_user_and_scopes(session: Session, now: datetime) -> None:
    user = factories.user(session, "advocate")
    bearer = issue_token(session, user, [Scope.SEARCH, Scope.HOLDS, Scope.SEARCH], now)
    session.expire_all()

    with count_statements(session.get_bind().engine) as statements:
        found = find_token(session, bearer, now)
        assert found is not None
        assert found.user.email == user.email

    assert found.scopes == {Scope.SEARCH, Scope.HOLDS}
    assert bearer.startswith("sd_")
    assert len(statements) == 1


def test_the_database_does_not_hold_the_token(session: Session, now: datetime) -> None:
    bearer = issue_token(session, factories.user(session), [Scope.SEARCH], now)

    kept = session.scalars(select(ApiToken)).one()

    assert bearer not in repr(vars(kept))
    assert bearer.removeprefix("sd_") not in repr(vars(kept))


def test_a_token_ends_after_its_lifetime(session: Session, now: datetime) -> None:
    bearer = issue_token(session, factories.user(session), [Scope.SEARCH], now, lifetime_days=2)

    assert find_token(session, bearer, now + timedelta(days=2, seconds=-1))
    assert find_token(session, bearer, now + timedelta(days=2)) is None


def test_a_revoked_token_is_none(session: Session, now: datetime) -> None:
    bearer = issue_token(session, factories.user(session), [Scope.SEARCH], now)
    session.execute(update(ApiToken).values(revoked_at=now))

    assert find_token(session, bearer, now) is None


def test_the_token_of_an_inactive_person_is_none(session: Session, now: datetime) -> None:
    user = factories.user(session)
    bearer = issue_token(session, user, [Scope.SEARCH], now)
    user.active = False
    session.flush()

    assert find_token(session, bearer, now) is None


@pytest.mark.parametrize("bearer", ["", "sd_", "nonsense", "sd_nonsense", "sd_\x00\ud800"])
def test_nonsense_is_none(session: Session, now: datetime, bearer: str) -> None:
    issue_token(session, factories.user(session), [Scope.SEARCH], now)

    assert find_token(session, bearer, now) is None


def test_a_token_needs_a_scope(session: Session, now: datetime) -> None:
    with pytest.raises(InvalidInputError, match="scope"):
        issue_token(session, factories.user(session), [], now)
