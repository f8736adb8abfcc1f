"""Links that open without signing in: nobody can make one from the database, and each works once."""

import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from directory.common.errors import NotAllowedError
from directory.extensions import Database
from directory.upkeep.links import (
    FORGOTTEN_AFTER,
    LINK_LIFE,
    LinkState,
    OpenLink,
    forget_links,
    make_link,
    open_link,
    revoke_links,
    use_link,
)
from directory.upkeep.models import UpdateLink
from tests import factories
from tests.messaging.test_two_at_once import at_once
from tests.upkeep.keeping import actor, audited, refuge

SECOND = timedelta(seconds=1)


def test_a_link_opens_its_services_until_it_lapses(session: Session, now: datetime) -> None:
    one, two = refuge(session), refuge(session)
    token = make_link(session, [two.id, one.id, one.id], now)

    link = open_link(session, token, now)

    assert link.state is LinkState.USABLE
    assert link.service_ids == tuple(sorted([one.id, two.id]))
    assert open_link(session, token, now + LINK_LIFE - SECOND).state is LinkState.USABLE
    assert open_link(session, token, now + LINK_LIFE).state is LinkState.EXPIRED
    assert not use_link(session, link.id, now + LINK_LIFE)


def test_of_the_token_only_the_hash_is_kept(session: Session, now: datetime) -> None:
    tokens = {make_link(session, [refuge(session).id], now) for _ in range(20)}
    session.commit()

    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {22}, "128 bits in base64"
    kept = set(session.scalars(select(UpdateLink.token_hash)))
    assert kept == {hashlib.sha256(token.encode()).hexdigest() for token in tokens}
    for table in ("update_links", "update_link_services", "audit_entries", "outbox_messages"):
        rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - names of our own
        assert not any(token in str(rows) for token in tokens)


@pytest.mark.parametrize("token", ["", "x" * 22, "é", "../", "a" * 100_000, "\udce4"])
def test_what_was_never_made_is_unknown_and_all_of_it_alike(session: Session, now: datetime, token: str) -> None:
    make_link(session, [refuge(session).id], now)

    assert open_link(session, token, now) == OpenLink(0, (), LinkState.UNKNOWN)


def test_a_link_works_once(session: Session, now: datetime) -> None:
    token = make_link(session, [refuge(session).id], now)
    link = open_link(session, token, now)

    assert [use_link(session, link.id, now), use_link(session, link.id, now)] == [True, False]
    assert open_link(session, token, now).state is LinkState.USED
    assert [entry[0] for entry in audited(session)] == ["update_link_sent", "update_link_used"]


def test_of_two_at_once_one_may_use_it(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    with database.new_session() as session:
        token = make_link(session, [refuge(session).id], now)
        session.commit()
        link_id = open_link(session, token, now).id
    used: list[bool] = []

    def use() -> None:
        with database.new_session.begin() as session:
            used.append(use_link(session, link_id, now))

    at_once(4, use)
    database.engine.dispose()

    assert sorted(used) == [False, False, False, True]


def test_whoever_keeps_the_contacts_can_end_the_links(session: Session, now: datetime) -> None:
    service, other = refuge(session), refuge(session)
    tokens = [make_link(session, [service.id, other.id], now), make_link(session, [service.id], now)]
    used, lapsed = make_link(session, [service.id], now), make_link(session, [service.id], now - LINK_LIFE)
    use_link(session, open_link(session, used, now).id, now)
    own = actor(factories.user(session, "provider", organisation_id=service.organisation_id))

    with pytest.raises(NotAllowedError):
        revoke_links(session, service.id, actor(factories.user(session, "provider")), now)
    assert revoke_links(session, service.id, own, now) == 2
    assert revoke_links(session, service.id, own, now) == 0

    assert {open_link(session, token, now).state for token in tokens} == {LinkState.REVOKED}
    assert open_link(session, used, now).state is LinkState.USED
    assert open_link(session, lapsed, now).state is LinkState.EXPIRED
    assert not use_link(session, open_link(session, tokens[0], now).id, now)
    assert audited(session)[-1] == ("update_links_revoked", own.reference, f'{{"links":2,"service":"{service.id}"}}')


def test_old_links_are_forgotten_and_their_numbers_are_not_used_again(session: Session, now: datetime) -> None:
    service = refuge(session)
    make_link(session, [service.id], now)
    newer = make_link(session, [service.id], now + SECOND)
    newest = open_link(session, newer, now).id
    over = now + LINK_LIFE + FORGOTTEN_AFTER

    assert forget_links(session, over) == 0
    assert forget_links(session, over + SECOND) == 1
    assert forget_links(session, over + 2 * SECOND) == 1
    assert open_link(session, newer, now).state is LinkState.UNKNOWN
    assert open_link(session, make_link(session, [service.id], now), now).id > newest


def test_a_link_to_nothing_is_a_mistake_in_the_program(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="at least one"):
        make_link(session, [], now)
