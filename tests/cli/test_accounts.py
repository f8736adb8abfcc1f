"""`accounts`: making accounts and tokens, and ending them."""

import os
import pty
import subprocess
import sys

import pytest

from directory.accounts import service, tokens
from directory.common.clock import utc_now
from tests import factories
from tests.support.commands import Commands, environment
from tests.support.databases import committing

GOOD = "teapot lantern gravel"
SAM = ("--email", "Sam@met.example", "--name", "Sam Carter", "--role", "officer")


def test_an_account_with_a_password_from_a_pipe_signs_in(run: Commands, database_url: str) -> None:
    made = run("accounts", "create", *SAM, "--area", "Central East", "--password-stdin", stdin=GOOD + "\r\n")

    assert (made.code, made.out, made.err) == (0, "Made the account sam@met.example, officer.\n", "")
    with committing(database_url) as session:
        user = service.authenticate(session, "sam@met.example", GOOD, utc_now())
        assert (user.name, user.area) == ("Sam Carter", "Central East")


def test_an_account_from_a_pipe_without_a_password_says_that_it_has_none(run: Commands) -> None:
    made = run("accounts", "create", *SAM)

    assert made.code == 0
    assert "nobody can sign in" in made.err


def test_a_password_is_asked_for_unseen_on_a_terminal(database_url: str) -> None:
    terminal, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "directory", "accounts", "create", *SAM],
        env={"PATH": os.environ["PATH"], **environment(database_url)},
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
    )
    os.close(side)
    shown = b""
    for prompt in (b"characters): ", b"confirmation: "):
        while not shown.endswith(prompt):
            shown += os.read(terminal, 1000)
        os.write(terminal, GOOD.encode() + b"\n")
    code = process.wait(timeout=60)
    shown += os.read(terminal, 1000)
    os.close(terminal)
    assert code == 0, shown

    assert GOOD.encode() not in shown
    with committing(database_url) as session:
        assert service.authenticate(session, "sam@met.example", GOOD, utc_now())


def test_a_providers_account_names_its_organisation(run: Commands, database_url: str) -> None:
    with committing(database_url) as session:
        organisation_id = factories.organisation(session).id
    provider = ("accounts", "create", "--email", "p@refuge.example", "--name", "P", "--role", "provider")

    assert run(*provider, "--organisation", organisation_id).code == 0

    refused = run("accounts", "create", "--email", "q@refuge.example", "--name", "Q", "--role", "provider")
    assert (refused.code, refused.err) == (1, "organisation: A provider's account needs its organisation.\n")


def test_every_wrong_field_is_named_and_nothing_is_made(run: Commands, database_url: str) -> None:
    refused = run(
        "accounts", "create", "--email", "sam", "--name", " ", "--role", "officer", "--password-stdin", stdin="x\n"
    )

    assert refused.code == 1
    assert [line.partition(":")[0] for line in refused.err.splitlines()] == ["email", "name", "password"]
    with committing(database_url) as session:
        assert service.find_account(session, "sam") is None


def test_an_empty_pipe_is_no_password(run: Commands) -> None:
    refused = run("accounts", "create", *SAM, "--password-stdin")

    assert (refused.code, refused.err) == (1, "There is no password on standard input.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("accounts", "create", "--email", "sam@met.example"),
        ("accounts", "create", *SAM[:-1], "victim"),
        ("accounts", "token", "--email", "sam@met.example"),
        ("accounts", "token", "--email", "sam@met.example", "--scope", "everything"),
        ("accounts", "forget"),
        ("accounts", "deactivate"),
        ("accounts", "revoke-tokens"),
        ("accounts", "password", "--email", "sam@met.example"),
        ("nonsense",),
        ("accounts", "--nonsense"),
    ],
)
def test_wrong_use_is_told_from_refusal(run: Commands, arguments: tuple[str, ...]) -> None:
    wrong = run(*arguments)

    assert (wrong.code, wrong.out) == (2, "")
    assert "Usage:" in wrong.err


def test_a_token_is_all_that_is_printed_and_works(run: Commands, database_url: str) -> None:
    run("accounts", "create", *SAM)

    issued = run("accounts", "token", "--email", "SAM@met.example", "--scope", "search", "--scope", "holds")

    assert (issued.code, issued.err) == (0, "")
    assert issued.out.startswith("sd_")
    with committing(database_url) as session:
        token = tokens.find_token(session, issued.out.removesuffix("\n"), utc_now())
        assert token is not None
        assert token.scopes == {"search", "holds"}


def test_no_token_for_nobody(run: Commands) -> None:
    refused = run("accounts", "token", "--email", "nobody@met.example", "--scope", "search")

    assert (refused.code, refused.out, refused.err) == (1, "", "There is no account 'nobody@met.example'.\n")


def test_no_token_for_who_has_left(run: Commands, database_url: str) -> None:
    with committing(database_url) as session:
        email = factories.user(session, active=False).email

    refused = run("accounts", "token", "--email", email, "--scope", "search")

    assert (refused.code, refused.err) == (1, f"The account {email} is not active.\n")


def key_of(url: str, email: str) -> tuple[int, str]:
    with committing(url) as session:
        user = service.get_account(session, email)
        return user.id, user.session_key


def issue(run: Commands, email: str) -> str:
    return run("accounts", "token", "--email", email, "--scope", "search").out.strip()


def test_who_has_left_gets_in_nowhere(run: Commands, database_url: str) -> None:
    run("accounts", "create", *SAM, "--password-stdin", stdin=GOOD)
    bearers = [issue(run, "sam@met.example") for _ in range(2)]
    key = key_of(database_url, "sam@met.example")

    left = run("accounts", "deactivate", "--email", "SAM@met.example")

    assert (left.code, left.err) == (0, "")
    assert left.out == "The account sam@met.example is not active any more; revoked 2 tokens.\n"
    with committing(database_url) as session:
        user = service.get_account(session, "sam@met.example")
        with pytest.raises(service.SignInRefusedError):
            service.authenticate(session, user.email, GOOD, utc_now())
        assert service.get_user(session, *key) is None
        # Were the account made active again, neither its old sessions nor its old tokens would come back.
        user.active = True
        session.flush()
        assert service.get_user(session, *key) is None
        assert [tokens.find_token(session, bearer, utc_now()) for bearer in bearers] == [None, None]


def test_revoked_tokens_are_those_of_one_account(run: Commands, database_url: str) -> None:
    run("accounts", "create", *SAM, "--password-stdin", stdin=GOOD)
    with committing(database_url) as session:
        other = factories.user(session).email
    gone, kept = issue(run, "sam@met.example"), issue(run, other)
    key = key_of(database_url, "sam@met.example")

    revoked = [run("accounts", "revoke-tokens", "--email", "sam@met.example") for _ in range(2)]

    assert [(one.code, one.out) for one in revoked] == [
        (0, "Revoked 1 token of sam@met.example.\n"),
        (0, "Revoked 0 tokens of sam@met.example.\n"),
    ]
    with committing(database_url) as session:
        assert tokens.find_token(session, gone, utc_now()) is None
        assert tokens.find_token(session, kept, utc_now())
        assert service.get_user(session, *key)


def test_another_password_unlocks_and_ends_sessions(run: Commands, database_url: str) -> None:
    run("accounts", "create", *SAM, "--password-stdin", stdin=GOOD)
    key = key_of(database_url, "sam@met.example")
    with committing(database_url) as session:
        for _ in range(10):
            with pytest.raises(service.SignInRefusedError):
                service.authenticate(session, "sam@met.example", "wrong", utc_now())

    changed = run("accounts", "password", "--email", "sam@met.example", "--password-stdin", stdin=GOOD[::-1] + "\n")

    assert (changed.code, changed.out) == (0, "The account sam@met.example has another password.\n")
    with committing(database_url) as session:
        assert service.get_user(session, *key) is None
        assert service.authenticate(session, "sam@met.example", GOOD[::-1], utc_now())


def test_a_weak_password_changes_nothing(run: Commands, database_url: str) -> None:
    run("accounts", "create", *SAM, "--password-stdin", stdin=GOOD)

    refused = run("accounts", "password", "--email", "sam@met.example", "--password-stdin", stdin="short\n")

    assert refused.code == 1
    assert refused.err.startswith("password: ")
    with committing(database_url) as session:
        assert service.authenticate(session, "sam@met.example", GOOD, utc_now())


def test_no_password_for_who_has_left(run: Commands, database_url: str) -> None:
    with committing(database_url) as session:
        email = factories.user(session, active=False).email

    refused = run("accounts", "password", "--email", email, "--password-stdin", stdin=GOOD)

    assert (refused.code, refused.err) == (1, f"The account {email} is not active.\n")


@pytest.mark.parametrize("command", ["deactivate", "revoke-tokens", "password"])
def test_nobody_can_be_ended(run: Commands, command: str) -> None:
    more = ("--password-stdin",) if command == "password" else ()

    refused = run("accounts", command, "--email", "nobody@met.example", *more, stdin=GOOD)

    assert (refused.code, refused.out, refused.err) == (1, "", "There is no account 'nobody@met.example'.\n")
