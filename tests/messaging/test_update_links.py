"""Links that open without signing in: made when they are sent, for whoever is to have them then, and kept nowhere."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import MetaData, String, cast, select, update
from sqlalchemy.orm import Session

from directory.capacity.models import Unit
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import SYSTEM
from directory.messaging.delivery import DeliveryError
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel, MessageState, OutboxMessage
from directory.upkeep.contacts import ContactInput, save_contacts
from directory.upkeep.links import LinkState, open_link
from directory.upkeep.models import UpdateLink
from tests import factories
from tests.messaging.messages import Carrier, deliver, kept, put
from tests.messaging.servers import HOST, Mailbox, mail_server
from tests.support.clock import Clock
from tests.support.commands import Commands
from tests.support.databases import committing
from tests.upkeep.keeping import DAY, FIRST, NINE, SECOND, audited, refuge, run, send, token_in

MINUTE = timedelta(minutes=1)


@pytest.fixture
def at_nine(clock: Clock) -> Clock:
    """The clock at the hour of reminders."""
    clock.now = NINE
    return clock


def everything_kept(session: Session) -> str:
    """All that the database holds, as text."""
    metadata = MetaData()
    metadata.reflect(session.connection())
    gazetteer = {"postcodes", "postcode_sectors", "named_places", "boroughs"}
    rows = [
        row
        for name, table in metadata.tables.items()
        if name not in gazetteer
        for row in session.execute(select(*(cast(column, String) for column in table.columns)))
    ]
    return str([tuple(row) for row in rows])


def test_a_reminder_brings_a_link_that_opens_what_is_due(session: Session, at_nine: Clock) -> None:
    due, other = refuge(session), refuge(session)
    refuge(session, confirmed_at=NINE)
    refuge(session, referral_email="somebody.else@example.org")
    run(session, NINE)

    outcomes, carrier = send(session, at_nine)

    assert {outcome.state for outcome in outcomes} == {MessageState.SENT}
    (text,) = (message.text for message in carrier.sent if message.address == FIRST)
    link = open_link(session, token_in(text), NINE)
    assert (link.state, link.service_ids) == (LinkState.USABLE, tuple(sorted([due.id, other.id])))
    assert "Update U20261123 is due" in text


def test_the_token_is_kept_nowhere(session: Session, at_nine: Clock) -> None:
    refuge(session)
    run(session, NINE)
    before = everything_kept(session)

    _, carrier = send(session, at_nine)

    token = token_in(carrier.sent[0].text)
    after = everything_kept(session)
    assert token not in before + after
    assert "/u" in after, "the page is in the outbox, without what opens it"
    session.add(OutboxMessage(**_message(NINE, f"/u/{token}")))
    session.flush()
    assert token in everything_kept(session), "the check bites"


def _message(now: datetime, path: str) -> dict[str, object]:
    return {
        "id": "0" * 32,
        "kind": MessageKind.UPDATE_DUE.value,
        "channel": Channel.EMAIL,
        "address": FIRST,
        "reference": "U20261123",
        "path": path,
        "state": MessageState.WAITING,
        "made_at": now,
        "next_attempt_at": now,
    }


def test_each_attempt_has_a_link_of_its_own(session: Session, at_nine: Clock) -> None:
    refuge(session)
    run(session, NINE)
    carrier = Carrier([DeliveryError("smtp-450")])

    send(session, at_nine, carrier)
    at_nine.advance(minutes=1)
    send(session, at_nine, carrier)

    assert open_link(session, token_in(carrier.sent[0].text), at_nine()).state is LinkState.USABLE
    assert len(session.scalars(select(UpdateLink)).all()) == 2


@pytest.mark.parametrize("what", ["contact", "confirmed", "withdrawn"])
def test_whoever_is_not_to_have_it_any_more_gets_none(session: Session, at_nine: Clock, what: str) -> None:
    service = refuge(session)
    run(session, NINE)
    if what == "contact":
        save_contacts(session, service.id, ContactInput(Channel.EMAIL, "new@example.org"), None, SYSTEM, NINE)
    elif what == "confirmed":
        session.execute(update(Unit).values(confirmed_at=NINE))
    else:
        service.status = ListingStatus.WITHDRAWN
    session.commit()

    (outcome,), carrier = send(session, at_nine)

    assert (outcome.state, outcome.error) == (MessageState.DEAD, "nothing-to-confirm")
    assert carrier.sent == []
    assert session.scalars(select(UpdateLink)).all() == []


def test_a_second_contact_gets_a_link_too(session: Session, at_nine: Clock) -> None:
    service = refuge(session)
    run(session, NINE)
    at_nine.now += DAY
    run(session, at_nine())

    _, carrier = send(session, at_nine)

    texts = {message.address: message.text for message in carrier.sent if "U20261124" in message.text}
    assert texts.keys() == {FIRST, SECOND}
    assert open_link(session, token_in(texts[SECOND]), at_nine()).service_ids == (service.id,)


def test_staff_and_whoever_answers_for_the_organisation_get_theirs(session: Session, at_nine: Clock) -> None:
    service = refuge(session, referral_email="", second="Office@Example.org")
    other = refuge(session)
    factories.user(session, "provider", organisation_id=service.organisation_id, email="worker@example.org")
    for day in range(2):
        run(session, NINE + day * DAY)
    at_nine.now += DAY

    _, carrier = send(session, at_nine)

    opened = {
        message.address: open_link(session, token_in(message.text), at_nine()).service_ids for message in carrier.sent
    }
    assert opened == {
        "worker@example.org": (service.id,),
        "Office@Example.org": (service.id,),
        FIRST: (other.id,),
        SECOND: (other.id,),
    }


def test_a_text_message_fits_one_and_brings_a_link(session: Session, at_nine: Clock) -> None:
    service = refuge(session)
    save_contacts(session, service.id, ContactInput(Channel.SMS, "07700 900123"), None, SYSTEM, NINE)
    run(session, NINE)

    _, carrier = send(session, at_nine)

    (message,) = carrier.sent
    assert message.subject == ""
    assert len(message.text) <= 160
    assert open_link(session, token_in(message.text), NINE).service_ids == (service.id,)


def test_what_could_not_be_sent_for_days_is_not_sent_as_a_pile(session: Session, at_nine: Clock) -> None:
    refuge(session, second="")
    for day in range(4):
        run(session, NINE + day * DAY)
    at_nine.now = NINE + 3 * DAY

    outcomes, carrier = send(session, at_nine)

    assert sorted(outcome.error for outcome in outcomes) == ["", "", "out-of-date", "out-of-date"]
    assert len(carrier.sent) == 2


def test_without_somebody_who_makes_links_the_message_waits(session: Session, at_nine: Clock) -> None:
    refuge(session)
    run(session, NINE)
    carrier = Carrier()

    (outcome,) = deliver(session, at_nine, carrier)

    assert (outcome.state, outcome.error, carrier.sent) == (MessageState.WAITING, "no-link", [])


def test_other_kinds_are_not_completed(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())

    _, carrier = send(session, clock)

    assert kept(session, message_id).state is MessageState.SENT
    assert "/referrals/K7M2P9QX4T\n" in carrier.sent[0].text
    assert session.scalars(select(UpdateLink)).all() == []


def test_what_is_sent_is_in_the_trail_without_address_and_token(session: Session, at_nine: Clock) -> None:
    service = refuge(session)
    run(session, NINE)
    _, carrier = send(session, at_nine)

    (details,) = (json.loads(entry[2]) for entry in audited(session) if entry[0] == "update_link_sent")
    assert details == {"link": details["link"], "services": [service.id]}
    trail = str(audited(session))
    assert FIRST not in trail
    assert token_in(carrier.sent[0].text) not in trail


@pytest.fixture
def mail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets e-mail go over the server at a port."""

    def use(port: int) -> None:
        monkeypatch.setenv("SMTP_URL", f"smtp://{HOST}:{port}")
        monkeypatch.setenv("MAIL_FROM", "directory@example.org")

    return use


def test_run_due_reminds_and_sends_the_link_over_a_real_server(
    run: Commands, mail_at: Callable[[int], None], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.cli.run_due.utc_now", lambda: NINE)
    with committing(database_url) as session:
        service_id = refuge(session).id
        factories.user(session, "commissioner")
    mailbox = Mailbox()

    with mail_server(mailbox) as port:
        mail_at(port)
        first, second = run("run-due"), run("run-due")

    assert "reminders: 1 messages, 1 services reminded, 0 a step further, 0 old links forgotten\n" in first.out
    assert "deliver messages: 1 sent" in first.out
    assert "reminders: 0 messages, 0 services reminded" in second.out
    token = token_in(mailbox.emails[0].get_content())
    assert token not in first.out + first.err
    with committing(database_url) as session:
        assert open_link(session, token, NINE).service_ids == (service_id,)
