"""Sending an edition: one receipt and one message for every active officer, two reminders, links made on the way."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.common.errors import NotFoundError
from directory.messaging.delivery import BATCH
from directory.messaging.kinds import MessageKind
from directory.messaging.models import MessageState
from directory.publishing.cascade import sending
from directory.publishing.cascade.links import FORGOTTEN_AFTER, LINK_LIFE, LinkState, make_link, open_link
from directory.publishing.cascade.models import EditionReceipt, ReceiptLink
from directory.publishing.cascade.receipts import acknowledge
from directory.publishing.cascade.sending import ReadersReminded, remind_readers, send_out
from tests import factories
from tests.publishing.cascade.world import (
    DAY,
    MONDAY,
    audited,
    issue,
    messages,
    officers,
    receipt,
    send,
    sessions_on,
    token_in,
)
from tests.support.clock import Clock

HOUR = timedelta(hours=1)
REMINDER = MessageKind.EDITION_NOT_ACKNOWLEDGED.value


def run(session: Session, now: datetime) -> ReadersReminded:
    """What `run-due` does about editions at this instant."""
    return remind_readers(sessions_on(session), now)


def reminders(session: Session) -> list[str]:
    """To whom reminders have been written."""
    return [message.address for message in messages(session) if message.kind == REMINDER]


def test_every_active_officer_gets_a_receipt_and_a_message(session: Session) -> None:
    east, nowhere = officers(session, 1, "Central East")[0], officers(session, 1, "")[0]
    factories.user(session, "officer", active=False)
    for role in ("advocate", "provider", "commissioner", "auditor", "administrator"):
        factories.user(session, role)
    edition = issue(session)

    assert send_out(session, edition.id, MONDAY) == 2

    receipts = session.scalars(select(EditionReceipt).order_by(EditionReceipt.user_id)).all()
    assert [(one.user_id, one.area, one.seen_at, one.acknowledged_at) for one in receipts] == [
        (east.id, "Central East", None, None),
        (nowhere.id, "", None, None),
    ]
    assert [(one.kind, one.address, one.reference, one.path) for one in messages(session)] == [
        ("edition_published", person.email, f"E{edition.number}", "/e")
        for person in sorted((east, nowhere), key=lambda person: person.email)
    ]
    assert audited(session, "edition_sent") == [("system", {"edition": edition.id, "people": 2})]


def test_sending_it_again_sends_nothing(session: Session) -> None:
    officers(session, 2)
    edition = issue(session)
    send_out(session, edition.id, MONDAY)

    assert send_out(session, edition.id, MONDAY + HOUR) == 0
    assert len(messages(session)) == 2


def test_a_draft_is_not_sent(session: Session) -> None:
    with pytest.raises(NotFoundError):
        send_out(session, 12345, MONDAY)


def test_an_address_that_no_message_reaches_keeps_nobody_else_waiting(session: Session) -> None:
    factories.user(session, "officer", email="two words@example.org")
    fine = officers(session, 1)[0]
    edition = issue(session)

    assert send_out(session, edition.id, MONDAY) == 2
    assert [message.address for message in messages(session)] == [fine.email]


def test_many_officers_are_written_to_in_few_statements_and_leave_room_for_others(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PER_MINUTE", 2)
    officers(session, 5)
    edition = issue(session)

    send_out(session, edition.id, MONDAY)

    leaving = [int((message.next_attempt_at - MONDAY).total_seconds() // 60) for message in messages(session)]
    assert leaving == [0, 0, 1, 1, 2]
    assert sorted(session.scalars(select(EditionReceipt.sent_at)))[-1] == MONDAY + timedelta(minutes=2)


def test_editions_take_half_of_what_is_delivered() -> None:
    assert sending.PER_MINUTE * 2 <= BATCH


def test_the_link_is_made_when_the_message_is_sent_and_kept_nowhere(session: Session, clock: Clock) -> None:
    officer = officers(session, 1)[0]
    edition = issue(session)
    clock.now = MONDAY
    send_out(session, edition.id, MONDAY)
    assert session.scalar(select(func.count()).select_from(ReceiptLink)) == 0

    outcomes, carrier = send(session, clock)

    assert [outcome.state for outcome in outcomes] == [MessageState.SENT]
    (sent,) = carrier.sent
    assert (sent.address, sent.subject) == (officer.email, f"Edition E{edition.number} is published")
    token = token_in(sent.text)
    link = session.scalars(select(ReceiptLink)).one()
    assert token not in link.token_hash
    assert link.expires_at == MONDAY + LINK_LIFE == MONDAY + timedelta(weeks=4)
    assert open_link(session, token, MONDAY).number == edition.number


@pytest.mark.parametrize("why", ["left", "acknowledged", "superseded", "moved"])
def test_whom_it_does_not_concern_any_more_gets_no_link(session: Session, clock: Clock, why: str) -> None:
    officer = officers(session, 1)[0]
    edition = issue(session)
    clock.now = MONDAY
    send_out(session, edition.id, MONDAY)
    if why == "left":
        officer.active = False
    elif why == "acknowledged":
        acknowledge(session, edition.id, officer.id, MONDAY)
    elif why == "superseded":
        issue(session)
    else:
        officer.email = "new.address@example.org"

    outcomes, carrier = send(session, clock)

    codes = {"left": "no-receipt", "moved": "no-receipt"}
    assert [(one.state, one.error) for one in outcomes] == [(MessageState.DEAD, codes.get(why, why))]
    assert carrier.sent == []
    assert session.scalar(select(func.count()).select_from(ReceiptLink)) == 0


def test_two_reminders_after_three_and_seven_days(session: Session, clock: Clock) -> None:
    officer = officers(session, 1)[0]
    edition = issue(session)
    send_out(session, edition.id, MONDAY)
    written = []
    for days in range(20):
        for hours in (0, 3):
            now = MONDAY + days * DAY + hours * HOUR
            if run(session, now).reminded:
                written.append((days, hours))

    assert written == [(3, 0), (7, 0)]
    assert reminders(session) == [officer.email] * 2
    assert receipt(session, edition, officer).reminders == 2
    clock.now = MONDAY + 7 * DAY
    _, carrier = send(session, clock)
    assert [sent.subject for sent in carrier.sent][-1] == f"Edition E{edition.number} waits for your receipt"


@pytest.mark.parametrize(
    ("after", "written"),
    [
        (timedelta(days=3, hours=-1), 0),  # Thursday, 8am: too early by an hour
        (timedelta(days=3), 1),
        (timedelta(days=3, hours=7, minutes=59), 1),
        (timedelta(days=3, hours=8), 0),  # 5pm
        (timedelta(days=5), 0),  # Saturday
        (timedelta(days=32), 0),  # Christmas Day, a Friday
    ],
)
def test_reminders_are_written_in_working_hours(session: Session, after: timedelta, written: int) -> None:
    officers(session, 1)
    edition = issue(session)
    send_out(session, edition.id, MONDAY - HOUR)

    assert run(session, MONDAY + after).reminded == written


def test_after_a_long_silence_of_the_program_there_is_one_a_day(session: Session) -> None:
    officers(session, 1)
    edition = issue(session)
    send_out(session, edition.id, MONDAY)
    late = MONDAY + 8 * DAY

    assert [run(session, late + hours * HOUR).reminded for hours in (0, 1, 2, 24, 25, 48)] == [1, 0, 0, 1, 0, 0]


def test_whoever_has_acknowledged_or_left_is_not_reminded(session: Session) -> None:
    done, left, silent = officers(session, 3)
    edition = issue(session)
    send_out(session, edition.id, MONDAY)
    acknowledge(session, edition.id, done.id, MONDAY + HOUR)
    left.active = False

    run(session, MONDAY + 3 * DAY)

    assert reminders(session) == [silent.email]


def test_nobody_is_reminded_of_an_edition_that_a_newer_one_has_superseded(session: Session) -> None:
    officers(session, 1)
    old = issue(session)
    send_out(session, old.id, MONDAY)
    new = issue(session, now=MONDAY + 2 * DAY)
    send_out(session, new.id, MONDAY + 2 * DAY)

    run(session, MONDAY + 3 * DAY)

    assert reminders(session) == []


def test_reminders_leave_room_for_others(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PER_MINUTE", 2)
    officers(session, 3)
    edition = issue(session)
    send_out(session, edition.id, MONDAY)
    now = MONDAY + 3 * DAY + HOUR

    assert [run(session, now + timedelta(minutes=minute)).reminded for minute in range(3)] == [2, 1, 0]


def test_officers_who_come_later_get_the_newest_edition_alone(session: Session) -> None:
    officers(session, 1)
    for days in (0, 1):
        send_out(session, issue(session, now=MONDAY + days * DAY).id, MONDAY + days * DAY)
    newcomer = officers(session, 1, "West Area")[0]

    first, second = run(session, MONDAY + 2 * DAY), run(session, MONDAY + 2 * DAY)

    assert (first.newcomers, second.newcomers) == (1, 0)
    receipts = session.scalars(select(EditionReceipt).where(EditionReceipt.user_id == newcomer.id)).all()
    newest = issue(session).id - 1
    assert [(one.edition_id, one.area, one.sent_at) for one in receipts] == [(newest, "West Area", MONDAY + 2 * DAY)]
    assert audited(session, "edition_sent")[-1] == ("system", {"edition": newest, "people": 1})


def test_without_an_edition_nothing_is_due(session: Session) -> None:
    officers(session, 1)

    assert run(session, MONDAY) == ReadersReminded()


def test_links_that_lapsed_long_ago_are_forgotten(session: Session) -> None:
    officer = officers(session, 1)[0]
    edition = issue(session)
    send_out(session, edition.id, MONDAY)
    token = make_link(session, edition.id, officer.id, MONDAY)
    lapsed = MONDAY + LINK_LIFE

    assert run(session, lapsed + FORGOTTEN_AFTER).links_forgotten == 0
    assert open_link(session, token, lapsed).state is LinkState.EXPIRED
    assert run(session, lapsed + FORGOTTEN_AFTER + HOUR).links_forgotten == 1
    assert open_link(session, token, lapsed).state is LinkState.UNKNOWN
