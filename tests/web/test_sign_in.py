"""Signing in and out, and how long it lasts."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session

from directory.accounts.models import User
from tests import factories
from tests.support.clock import Clock
from tests.support.html import text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def _cookie(client: PageClient) -> str:
    cookie = client.get_cookie("directory")
    return cookie.value if cookie else ""


def test_signing_in_leads_to_the_start_page(client: PageClient, session: Session) -> None:
    officer = factories.user(session, "officer")

    page = client.submit("/sign-in", {"email": officer.email, "password": factories.PASSWORD})

    assert page.h1 == "Find specialist support for a victim"
    assert any(text_of(button) == f"Sign out: {officer.name}" for button in page.all("button"))


def test_the_address_may_be_typed_in_capitals_and_with_spaces(client: PageClient, session: Session) -> None:
    officer = factories.user(session, "officer")

    client.submit("/sign-in", {"email": f" {officer.email.upper()} ", "password": factories.PASSWORD})

    assert client.get("/guidance").status_code == 200


def test_signing_in_leads_back_to_the_page_that_was_wanted(client: PageClient, session: Session) -> None:
    officer = factories.user(session, "officer")

    page = client.submit("/sign-in?next=/guidance", {"email": officer.email, "password": factories.PASSWORD})

    assert page.h1 == "Guidance"


def test_signing_in_never_leads_to_another_site(client: PageClient, session: Session) -> None:
    officer = factories.user(session, "officer")
    token = client.page("/sign-in").one("input", name="csrf_token").get("value")

    response = client.post(
        "/sign-in?next=https://evil.example/",
        data={"csrf_token": token, "email": officer.email, "password": factories.PASSWORD},
    )

    assert (response.status_code, response.location) == (303, "/")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: PageClient, session: Session) -> None:
    officer = factories.user(session, "officer")

    wrong = client.submit("/sign-in", {"email": officer.email, "password": "no"}, status=422)
    unknown = client.submit("/sign-in", {"email": "nobody@example.org", "password": "no"}, status=422)

    assert wrong.field_errors() == unknown.field_errors() == ["The e-mail address or the password is not right."]
    assert wrong.title.startswith("Error: Sign in")
    assert client.get("/guidance").status_code == 303


def test_the_password_is_never_sent_back(client: PageClient) -> None:
    page = client.submit("/sign-in", {"email": "nobody@example.org", "password": "kettle-otter"}, status=422)

    assert "kettle-otter" not in page.html
    assert page.one("input", name="email").get("value") == "nobody@example.org"


def test_empty_fields_are_named(client: PageClient) -> None:
    page = client.submit("/sign-in", {}, status=422)

    assert page.field_errors() == ["Enter your email address", "Enter your password"]
    assert page.link("Enter your email address") == "#email"


def test_many_failures_lock_the_account_and_are_kept(client: PageClient, session: Session) -> None:
    officer = factories.user(session, "officer")
    for _ in range(10):
        client.submit("/sign-in", {"email": officer.email, "password": "no"}, status=422)

    page = client.submit("/sign-in", {"email": officer.email, "password": factories.PASSWORD}, status=429)

    assert "too many attempts" in page.field_errors()[0]


def test_password_managers_know_the_fields(client: PageClient) -> None:
    page = client.page("/sign-in")

    assert page.one("input", name="email").get("autocomplete") == "username"
    assert page.one("input", name="password").get("autocomplete") == "current-password"


def test_whoever_is_signed_in_is_sent_on_from_the_sign_in_page(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")

    assert client.get("/sign-in?next=/guidance").location == "/guidance"


def test_signing_out_ends_the_session(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")
    page = client.page("/")
    form = next(form for form in page.all("form") if form.get("action") == "/sign-out")

    response = client.post("/sign-out", data=page.form_values(form))

    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/guidance").status_code == 303


def test_a_link_cannot_sign_anybody_out(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")

    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert client.get("/guidance").status_code == 200


def test_an_hour_without_use_ends_the_session(client: PageClient, sign_in: SignIn, clock: Clock) -> None:
    sign_in("officer")
    clock.advance(minutes=59)
    assert client.get("/guidance").status_code == 200
    clock.advance(minutes=59)
    assert client.get("/guidance").status_code == 200
    clock.advance(minutes=60)

    assert client.get("/guidance").status_code == 303


def test_twelve_hours_end_the_session_however_much_it_is_used(
    client: PageClient, sign_in: SignIn, clock: Clock
) -> None:
    sign_in("officer")
    for _ in range(23):
        clock.advance(minutes=30)
        assert client.get("/guidance").status_code == 200
    clock.advance(minutes=30)

    assert client.get("/guidance").status_code == 303


def test_the_cookie_is_written_anew_at_most_once_a_minute(client: PageClient, sign_in: SignIn, clock: Clock) -> None:
    sign_in("officer")
    client.get("/guidance")

    clock.advance(seconds=59)
    assert "Set-Cookie" not in client.get("/guidance").headers
    clock.advance(seconds=1)
    assert "Set-Cookie" in client.get("/guidance").headers


def test_another_session_key_ends_every_session(client: PageClient, sign_in: SignIn, session: Session) -> None:
    officer = sign_in("officer")

    officer.session_key = "another"
    session.flush()

    assert client.get("/guidance").status_code == 303


def test_an_account_made_inactive_is_signed_out(client: PageClient, sign_in: SignIn, session: Session) -> None:
    officer = sign_in("officer")

    officer.active = False
    session.flush()

    assert client.get("/guidance").status_code == 303


def test_what_the_cookie_held_before_signing_in_is_gone(client: PageClient, session: Session) -> None:
    officer = factories.user(session, "officer")
    before = client.page("/sign-in").one("input", name="csrf_token").get("value")
    client.submit("/sign-in", {"email": officer.email, "password": factories.PASSWORD})

    response = client.post("/sign-out", data={"csrf_token": before})

    assert response.status_code == 400


def test_a_forged_cookie_signs_nobody_in(app: Flask, client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")
    genuine = _cookie(client)

    client.set_cookie("directory", genuine[:-4] + "AAAA")

    assert client.get("/guidance").status_code == 303


def test_a_copied_cookie_is_worth_nothing_after_signing_out(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")
    stolen = client.get_cookie("directory")
    assert stolen is not None
    page = client.page("/search")
    token = page.form_values(page.one("form", page.one("main")))["csrf_token"]
    client.post("/sign-out", data={"csrf_token": token})

    client.set_cookie("directory", stolen.value)

    assert client.get("/search").status_code == 303
