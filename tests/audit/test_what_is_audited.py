"""What accounts, guidance and the catalogue leave in the trail."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.accounts import service
from directory.accounts.models import User
from directory.accounts.permissions import Role, Scope
from directory.accounts.tokens import issue_token, revoke_tokens
from directory.audit.log import flush_audit
from directory.catalogue.guidance import ChangedMeanwhileError, update_guidance
from directory.common.errors import InvalidInputError
from tests import factories
from tests.audit.chain import entries
from tests.catalogue import folders
from tests.support.commands import Commands
from tests.support.databases import committing
from tests.support.pages import PageClient

GOOD = "teapot lantern gravel"
Told = list[tuple[str, str, str]]


def told(session: Session) -> Told:
    """Event, actor and details of every entry."""
    flush_audit(session)
    return [(row.event, row.actor, row.details) for row in entries(session)]


def create(session: Session, now: datetime, **more: str) -> User:
    """An account made as the product makes one."""
    return service.create_account(
        session,
        email="sam.carter@met.example",
        name="Sam Carter",
        role=Role.OFFICER,
        organisation_id=None,
        area="",
        password=GOOD,
        now=now,
        **more,
    )


def test_the_life_of_an_account(session: Session, now: datetime) -> None:
    user = create(session, now, actor_reference="user-3")
    service.change_password(session, user, GOOD[::-1], now, "user-3")
    issue_token(session, user, [Scope.SEARCH, Scope.HOLDS], now)
    service.deactivate_account(session, user, now, "user-3")
    account = f'{{"account":"user-{user.id}"}}'

    assert told(session) == [
        ("account_created", "user-3", account),
        ("password_changed", "user-3", account),
        ("token_issued", "system", f'{{"account":"user-{user.id}","scopes":["holds","search"]}}'),
        ("account_deactivated", "user-3", account),
        ("tokens_revoked", "user-3", account),
    ]


def test_revoking_no_token_is_nothing(session: Session, now: datetime) -> None:
    revoke_tokens(session, factories.user(session), now)

    assert told(session) == []


def test_an_account_that_is_refused_leaves_nothing(session: Session, now: datetime) -> None:
    create(session, now)
    before = told(session)
    with pytest.raises(InvalidInputError):
        create(session, now)

    assert told(session) == before


def test_signing_in_and_being_locked_out(session: Session, now: datetime) -> None:
    user = factories.user(session)
    service.authenticate(session, user.email, factories.PASSWORD, now)
    for email in (user.email, "nobody@example.org"):
        for _ in range(12):
            with pytest.raises((service.SignInRefusedError, service.TooManyAttemptsError)):
                service.authenticate(session, email, "wrong", now)

    assert told(session) == [
        ("signed_in", f"user-{user.id}", "{}"),
        ("sign_in_locked", "system", f'{{"account":"user-{user.id}"}}'),
        ("sign_in_locked", "system", '{"account":"none"}'),
    ]


def test_a_lock_is_told_even_though_signing_in_was_refused(client: PageClient, session: Session) -> None:
    for _ in range(10):
        client.submit("/sign-in", {"email": "nobody@example.org", "password": "wrong"}, status=422)

    assert told(session) == [("sign_in_locked", "system", '{"account":"none"}')]


def test_changed_guidance(client: PageClient, sign_in: Callable[..., User], session: Session, now: datetime) -> None:
    factories.guidance(session, key="pathways", title="Pathways", body="Call.")
    commissioner = sign_in("commissioner")
    client.submit("/manage/guidance/pathways", {"title": "Ways", "body": "Call 999."})
    with pytest.raises(ChangedMeanwhileError):
        update_guidance(session, "pathways", title="A", body="b", read_version=now - timedelta(days=1), now=now)

    actor = f"user-{commissioner.id}"
    assert told(session) == [("signed_in", actor, "{}"), ("guidance_changed", actor, '{"guidance":"pathways"}')]


def test_an_import_is_told_by_how_much_it_changed(session: Session, now: datetime, tmp_path: Path) -> None:
    files = folders.small_catalogue()
    added = sum(len(rows) for rows in files.values())

    folder = folders.write(tmp_path, files)

    folders.bring_in(session, folder, now, dry_run=True)
    assert told(session) == []
    folders.bring_in(session, folder, now)
    folders.bring_in(session, folder, now)

    assert told(session) == [("catalogue_imported", "system", f'{{"added":{added},"changed":0,"removed":0}}')]


def test_a_command_is_the_systems_act(run: Commands, database_url: str) -> None:
    create_it = ("accounts", "create", "--email", "sam@met.example", "--name", "Sam", "--role", "officer")
    assert run(*create_it).code == 0
    assert run("accounts", "token", "--email", "sam@met.example", "--scope", "search").code == 0
    assert run("accounts", "deactivate", "--email", "sam@met.example").code == 0

    with committing(database_url) as session:
        happened = told(session)
    assert [(event, actor) for event, actor, _ in happened] == [
        ("account_created", "system"),
        ("token_issued", "system"),
        ("account_deactivated", "system"),
        ("tokens_revoked", "system"),
    ]
    assert "sam" not in "".join(details for _, _, details in happened)
