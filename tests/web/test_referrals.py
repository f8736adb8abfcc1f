"""Writing a referral, as officers and advocates do it: one form, one page to check, sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.holds.service import release_hold
from directory.capacity.models import UnitState
from directory.referrals.service import Keystore
from tests import factories
from tests.factories.referrals import actor, referral
from tests.support.clock import Clock
from tests.support.pages import PageClient
from tests.web.referring import answers, held, link_to, reference_of, refuge, status

SignIn = Callable[..., User]


@pytest.fixture
def keystore(app: Flask) -> Keystore:
    return app.extensions["keystore"]


@pytest.fixture
def officer(sign_in: SignIn) -> User:
    return sign_in("officer")


def test_from_a_hold_to_a_sent_referral(client: PageClient, officer: User, session: Session, now: datetime) -> None:
    hold = held(session, refuge(session), officer, now)

    form = client.page(f"/referrals/new/hold/{hold}")
    check = client.submit(f"/referrals/new/hold/{hold}", answers(note="Arrives by bus, needs a cot"), form="referral")
    reference = reference_of(session)
    turns = client.get(f"/referrals/{reference}/check").headers["Refresh"]
    sent = client.submit(f"/referrals/{reference}/check", {})

    assert turns == "7201"
    assert form.h1 == "Refer to Marigold House"
    assert "Held for you until 4am" in form.text
    assert check.h1 == "Check before you send"
    for shown in ("Domestic abuse", "1 adult", "Bluebell", "07700 900123", "Arrives by bus", "4am"):
        assert shown in check.text
    assert sent.h1 == f"Referral {reference}"
    assert "Marigold House has until 3am to answer." in status(sent)
    assert "Only the staff of Marigold House can read it now; you cannot any more." in sent.text
    for hidden in ("Bluebell", "07700 900123", "weekday mornings"):
        assert hidden not in sent.html


def test_what_the_search_has_answered_is_filled_in(
    client: PageClient, officer: User, session: Session, app: Flask, now: datetime
) -> None:
    unit = refuge(session)
    link = link_to(
        app,
        now,
        need=["domestic-abuse"],
        adults=1,
        child=["4f", "13m", "13m"],
        language=["so"],
        access=["step-free"],
        nrpf=True,
        community=["latin-american"],
        by_and_for=True,
    )
    factories.service(session, languages=["so"])
    hold = held(session, unit, officer, now)

    page = client.page(f"/referrals/new/hold/{hold}/{link}")
    values = page.form_values(page.one("form", id="referral"))

    assert values["needs"] == ["domestic-abuse"]
    assert (values["adults"], values["girl_0_4"], values["boy_11_15"]) == (["1"], ["1"], ["2"])
    assert values["language"] == ["so"]
    assert values["access_features"] == ["step-free"]
    assert values["reported_on"] == ["2026-11-22"]
    for not_part_of_it in ("latin", "Latin", "nrpf", "public funds", "community"):
        assert not_part_of_it not in page.text


def test_an_expired_link_only_fills_nothing_in(
    client: PageClient, officer: User, session: Session, app: Flask, now: datetime
) -> None:
    hold = held(session, refuge(session), officer, now)
    old = link_to(app, now - timedelta(hours=3), adults=4)

    page = client.page(f"/referrals/new/hold/{hold}/{old}")

    assert page.form_values(page.one("form", id="referral"))["adults"] == ["1"]


def test_without_consent_there_is_no_referral(
    client: PageClient, officer: User, session: Session, now: datetime
) -> None:
    hold = held(session, refuge(session), officer, now)

    page = client.submit(
        f"/referrals/new/hold/{hold}", answers(consent=[], note="Needs a cot"), form="referral", status=422
    )

    assert page.field_errors() == ["There is no referral without her consent. Phone the service instead: 020 7946 0000"]
    assert page.one("textarea", name="note").text == "Needs a cot"
    assert session.execute(text("SELECT count(*) FROM referrals")).scalar_one() == 0


@pytest.mark.parametrize(
    ("field", "written", "about"),
    [
        ("note", "Her visa runs out in May", "Note: "),
        ("note", "Ring her on 07911 123456", "Note: "),
        ("alias", "Mrs Fatima Khan", "What to call her: "),
        ("safe_times", "when her husband Imran Khan is at work", "When it is safe: "),
        ("say", "say it is about her asylum claim", "What the caller may say: "),
    ],
)
def test_free_text_is_screened_and_kept_in_the_form(
    client: PageClient, officer: User, session: Session, now: datetime, field: str, written: str, about: str
) -> None:
    hold = held(session, refuge(session), officer, now)

    page = client.submit(f"/referrals/new/hold/{hold}", answers(**{field: written}), form="referral", status=422)

    assert page.field_errors()
    assert all(error.startswith(about) for error in page.field_errors())
    assert page.form_values(page.one("form", id="referral"))[field] == [written]
    assert session.execute(text("SELECT count(*) FROM referrals")).scalar_one() == 0


def test_every_mistake_is_named_at_once_beside_its_field(
    client: PageClient, officer: User, session: Session, now: datetime
) -> None:
    hold = held(session, refuge(session), officer, now)

    page = client.submit(
        f"/referrals/new/hold/{hold}",
        {"adults": "many", "girl_0_4": "x", "reported_on": "soon", "note": "Her dob is 3/4/1990"},
        form="referral",
        status=422,
    )

    assert page.field_errors()[:5] == [
        "What she needs help with: Choose at least one",
        "Adults: enter a whole number, such as 1",
        "Girl, 0 to 4: enter a whole number, such as 1",
        "Choose the risk",
        "Enter the date of the report, such as 22/11/2026",
    ]
    about = [error.partition(":")[0] for error in page.field_errors()[5:]]
    assert about[1:] == [
        "Choose how she said yes",
        "What to call her",
        "Choose how she may be reached",
        "When it is safe",
        "Note",
    ]
    ids = {element.get("id") for element in page.all()}
    summary = page.one("div", class_="govuk-error-summary")
    assert [link for link in page.all("a", summary) if link.get("href", "")[1:] not in ids] == []


def test_the_plan_names_services_and_never_units(
    client: PageClient, officer: User, session: Session, app: Flask, now: datetime
) -> None:
    first, second = refuge(session), refuge(session, "Saffron House", name="The blue room")
    hold = held(session, first, officer, now)
    path = f"/referrals/new/hold/{hold}/{link_to(app, now, adults=1)}"

    form = client.page(path)
    check = client.submit(path, answers(plan="in-order", consent_covers_plan="y", moves_on="y"), form="referral")
    steps = session.execute(text("SELECT unit_id FROM referral_steps ORDER BY position")).scalars().all()

    assert "Saffron House in Hackney" in form.text
    assert steps == [first.id, second.id]
    assert "1. Marigold House2. Saffron House" in check.text
    assert "The next is asked by itself" in check.text
    for page in (form, check, client.submit(f"/referrals/{reference_of(session)}/check", {})):
        for hidden in (first.id, second.id, first.name, second.name):
            assert hidden not in page.html


def test_moving_on_by_itself_needs_her_yes_to_each(
    client: PageClient, officer: User, session: Session, app: Flask, now: datetime
) -> None:
    first, _second = refuge(session), refuge(session, "Saffron House")
    path = f"/referrals/new/hold/{held(session, first, officer, now)}/{link_to(app, now, adults=1)}"

    page = client.submit(path, answers(plan="in-order", moves_on="y"), form="referral", status=422)

    assert page.field_errors() == ["The next service can be asked by itself only if she has agreed to each of them"]


@pytest.mark.parametrize("sealed", ["", "nonsense", "somebody else’s"])
def test_a_plan_that_is_not_ours_is_not_taken(
    client: PageClient, officer: User, session: Session, app: Flask, now: datetime, sealed: str
) -> None:
    hold = held(session, refuge(session), officer, now)
    if sealed == "somebody else’s":
        rows = [["service-1", "unit-1", "Name", "Name", "", "", []]]
        sealed = link_to(app, now, plan=rows, by=f"user-{officer.id + 1}")

    page = client.submit(f"/referrals/new/hold/{hold}", answers(sealed=sealed), form="referral", status=422)

    assert page.field_errors() == ["This page was open for too long. Look at whom to ask once more"]


def test_a_hold_that_runs_out_while_somebody_writes_loses_nothing(
    client: PageClient, officer: User, session: Session, now: datetime, clock: Clock
) -> None:
    hold = held(session, refuge(session), officer, now)
    clock.advance(minutes=59)
    client.page("/referrals")
    clock.advance(minutes=59)
    page = client.page(f"/referrals/new/hold/{hold}")
    values = page.form_values(page.one("form", id="referral")) | answers()
    clock.advance(minutes=3)

    response = client.post(f"/referrals/new/hold/{hold}", data=values, follow_redirects=True)
    assert response.status_code == 200
    assert "No space is held for you now" in response.text
    reference = reference_of(session)

    # Nobody else took it meanwhile, so that sending holds it again.
    assert "has until" in status(client.submit(f"/referrals/{reference}/check", {}))
    assert client.page(f"/holds/{hold}").h1 == "This hold has run out"


def test_from_a_hold_that_is_over_one_is_told_so(
    client: PageClient, officer: User, session: Session, now: datetime
) -> None:
    hold = held(session, refuge(session), officer, now)
    release_hold(session, hold, actor(officer), now)
    session.commit()

    assert client.page(f"/referrals/new/hold/{hold}").h1 == "You released this hold"


def test_when_the_space_has_gone_nothing_is_sent_and_another_can_be_chosen(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    unit = refuge(session)
    other = factories.service(session, name="Saffron House", referral_email="s@example.org", accepts_nrpf="yes")
    factories.unit(session, other, bedspaces=6, max_children=5)
    reference = referral(session, keystore, officer, [unit], now, sent=False)
    unit.state = UnitState.OCCUPIED
    session.commit()

    gone = client.submit(f"/referrals/{reference}/check", {}, status=409)
    form = client.page(f"/referrals/{reference}/edit")
    client.submit(f"/referrals/{reference}/edit", {"plan": "0"}, form="referral")
    sent = client.submit(f"/referrals/{reference}/check", {})

    assert gone.h1 == "The space has gone"
    assert "Nothing has been sent" in gone.text
    assert "Marigold House has no space any more" in form.text
    assert "Saffron House has until 3am to answer." in status(sent)


def test_when_there_is_nobody_else_one_can_phone_or_search(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    unit = refuge(session)
    reference = referral(session, keystore, officer, [unit], now, sent=False)
    unit.state = UnitState.OCCUPIED
    session.commit()

    page = client.page(f"/referrals/{reference}/edit", 409)

    assert page.h1 == "The space has gone"
    assert "020 7946 0000" in page.text
    assert page.link("Search again") == "/search"


def test_a_draft_can_be_changed_its_safe_contact_too(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    reference = referral(session, keystore, officer, [refuge(session)], now, sent=False, note="Needs a cot")

    form = client.page(f"/referrals/{reference}/edit")
    values = form.form_values(form.one("form", id="referral"))
    check = client.submit(f"/referrals/{reference}/edit", {"alias": "Foxglove", "adults": "2"}, form="referral")

    assert (values["alias"], values["girl_5_10"], values["note"]) == (["Bluebell"], ["1"], ["Needs a cot"])
    assert "Foxglove" in check.text
    assert "2 adults; 1 girl aged 5 to 10" in check.text


def test_high_risk_shows_the_marac_pathway_with_ones_own_area_first(
    client: PageClient, sign_in: SignIn, session: Session, keystore: Keystore, now: datetime
) -> None:
    officer = sign_in("officer", area="North")
    factories.guidance(session, key="marac", title="High risk: MARAC", body="Refer today.")
    areas = "First.\n\n## Central North (Camden)\n\nCamden desk\n\n## North (Enfield)\n\nEnfield desk\n"
    factories.guidance(session, key="marac-boroughs", title="Contacts", body=areas)
    high = referral(session, keystore, officer, [refuge(session)], now, sent=False, risk="high")
    low = referral(session, keystore, officer, [refuge(session, "Saffron House")], now, sent=False)

    page = client.page(f"/referrals/{high}/check")

    assert page.text.index("Refer today.") < page.text.index("Enfield desk")
    assert "Camden desk" not in page.text
    assert "MARAC" not in client.page(f"/referrals/{low}/check").text
    every = client.page(page.link("The MARAC pathway of every area"))
    assert every.text.index("Enfield desk") < every.text.index("Camden desk")


def test_a_service_without_units_is_referred_to_from_the_results(
    client: PageClient, officer: User, session: Session, app: Flask, now: datetime
) -> None:
    team = factories.service(session, name="Marigold advocacy", kind="advocacy", referral_email="a@example.org")
    factories.service(session, name="Neem advocacy", kind="advocacy", referral_email="n@example.org")
    results = f"/search/{link_to(app, now, need=['domestic-abuse'], adults=1, child=['6m'])}"
    page = client.page(results)
    values = page.form_values(page.one("form", id="hold")) | {"service": [team.id]}

    response = client.post("/referrals/new", data=values)
    path = response.headers["Location"]
    check = client.submit(path, answers(plan="in-order", consent_covers_plan="y"), form="referral")

    assert response.status_code == 303
    assert path.startswith(f"/referrals/new/service/{team.id}/")
    assert "1. Marigold advocacy2. Neem advocacy" in check.text
    assert "1 boy aged 5 to 10" in check.text
    assert "Held for you" not in check.text
    assert "No space is held" not in check.text


def test_a_refuge_is_held_before_it_is_referred_to(client: PageClient, officer: User, session: Session) -> None:
    unit = refuge(session)

    assert client.page(f"/referrals/new/service/{unit.service_id}").h1 == "Marigold House"


@pytest.mark.parametrize("page", ["edit", "check", "withdraw", ""])
def test_nobody_else_can_open_it(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime, page: str
) -> None:
    theirs = referral(session, keystore, factories.user(session), [refuge(session)], now, sent=False)

    for reference in (theirs, "BCDFGHJKLM", "not-there", "%00"):
        assert client.page(f"/referrals/{reference}/{page}".rstrip("/"), 404).h1 == "Page not found"


def test_somebody_elses_hold_cannot_be_referred_with(
    client: PageClient, officer: User, session: Session, now: datetime
) -> None:
    hold = held(session, refuge(session), factories.user(session), now)

    client.page(f"/referrals/new/hold/{hold}", 404)
