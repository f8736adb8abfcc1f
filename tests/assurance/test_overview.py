"""The figures of the assurance page: what is met, what is not, what nobody knows yet, and a source that fails."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.assurance import catalogue_items, integrity_items, publication_items, referral_items, sharing_items
from directory.assurance.items import Figure, Overview, Promise, Standing, tried
from directory.assurance.overview import SECTIONS, overview
from directory.assurance.vocabulary import Requester
from directory.catalogue.models import Service
from directory.messaging.models import OutboxMessage
from directory.publishing.cascade.models import EditionReceipt
from directory.publishing.performance.measures import MEDIAN_RESPONSE, WITHIN_TARGET
from directory.publishing.performance.reading import read_quarter
from directory.publishing.performance.self_check import SuppressionCheck
from directory.referrals.models import ReferralCount
from tests import factories
from tests.assurance.requests import CAME, commissioner, entered
from tests.publishing.editions.world import moment_at, people, published_edition, without_protection

MET, NOT_MET, NO_DATA = Standing.MET, Standing.NOT_MET, Standing.NO_DATA
Work = Callable[..., Figure]


def unexpected(error: Exception) -> None:
    """No source is to fail."""
    raise error


def standings(found: Overview) -> dict[str, Standing]:
    """How each item stands."""
    return {item.promise.code: item.figure.standing for section in found.sections for item in section.items}


def published(session: Session, *days: date, corrects: int | None = None) -> int:
    """Editions that came out at nine on these days; returns the last one's id."""
    who = people(session)
    for day in days:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        made = published_edition(session, who, at, **({"corrects": corrects} if corrects else {}))
    return made.id


@pytest.fixture
def house(session: Session, now: datetime) -> Service:
    """A published refuge with one unit, all of it confirmed."""
    made = factories.service(session, verified_on=now.date())
    factories.unit(session, made)
    return made


def test_a_directory_without_anything_in_it(session: Session, now: datetime) -> None:
    found = overview(session, moment_at(now), unexpected, check=True)

    stands = standings(found)
    assert {code for code, standing in stands.items() if standing is MET} == {
        *("reminders-answered", "messages-delivered", "requests-answered", "firewall-kept", "trail-whole"),
        "history-whole",
    }
    assert set(stands.values()) == {MET, NO_DATA}
    assert found.count(MET) == 6


def test_long_checks_wait_until_they_are_asked_for(session: Session, now: datetime) -> None:
    found = overview(session, moment_at(now), unexpected)

    waits = {code for code, standing in standings(found).items() if standing is Standing.NOT_ASKED}
    assert waits == {"trail-whole", "editions-whole", "history-whole"}


def test_a_source_that_fails_takes_nothing_else_with_it(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.service(session)
    session.commit()

    def broken(session: Session, _now: datetime) -> tuple[str, ...]:
        session.execute(text("SELECT nothing FROM nowhere"))
        raise AssertionError

    monkeypatch.setattr(referral_items, "shown_quarters", broken)
    failures: list[Exception] = []

    found = standings(overview(session, moment_at(now), failures.append))

    assert [code for code, standing in found.items() if standing is Standing.FAILED] == [
        "answered-in-time",
        "victims-code",
        "suppression",
    ]
    assert found["requests-answered"] is MET
    assert found["units-confirmed"] is NO_DATA
    assert len(failures) == 3


def test_a_database_that_is_away_takes_the_page_with_it(session: Session, now: datetime) -> None:
    def away(_session: Session, _moment: Any) -> Figure:
        raise OperationalError("SELECT 1", {}, Exception("cannot be reached"))

    with pytest.raises(OperationalError):
        tried(session, Promise("one", "One", "", "", away), moment_at(now), unexpected)


def test_every_item_says_what_it_means_and_has_a_code_of_its_own() -> None:
    promises = [promise for _, section in SECTIONS for promise in section]

    assert len({promise.code for promise in promises}) == len(promises)
    assert all(promise.meaning.endswith(".") and promise.source.endswith(".") for promise in promises)
    assert all("Met when" in promise.meaning for promise in promises)


# The catalogue and its messages.


def test_units_and_listings(session: Session, now: datetime, house: Service) -> None:
    moment = moment_at(now)
    assert catalogue_items.units_confirmed(session, moment) == Figure(
        MET,
        "100%: 1 of 1 unit confirmed within 72 hours",
        (("Confirmed within 24 hours", "100%: 1"), ("Never confirmed", "0")),
    )
    assert catalogue_items.listings_reviewed(session, moment) == Figure(MET, "100%: 1 of 1 published service")

    factories.unit(session, house, confirmed_at=now - timedelta(hours=73))
    factories.service(session, verified_on=None)

    assert catalogue_items.units_confirmed(session, moment).standing is NOT_MET
    assert catalogue_items.listings_reviewed(session, moment).text == "50%: 1 of 2 published services"


def test_messages_that_were_given_up(session: Session, now: datetime) -> None:
    assert catalogue_items.messages_delivered(session, moment_at(now)).text == "No messages given up"
    session.add(
        OutboxMessage(
            id="one",
            kind="referral_received",
            channel="email",
            address="desk@example.org",
            reference="A",
            path="/",
            state="dead",
            made_at=now,
            next_attempt_at=now,
        )
    )
    session.flush()

    figure = catalogue_items.messages_delivered(session, moment_at(now))

    assert (figure.standing, figure.text) == (NOT_MET, "1 message given up")


# Editions.


def test_editions_in_time_and_overdue(session: Session, house: Service) -> None:
    published(session, date(2026, 9, 1), date(2026, 10, 8))

    in_time = publication_items.editions_on_time(session, moment_at(datetime(2026, 11, 8, 9, tzinfo=UTC)))
    overdue = publication_items.editions_on_time(session, moment_at(datetime(2026, 11, 9, 9, tzinfo=UTC)))

    assert in_time == Figure(
        MET,
        "The last one came in time; the next is due: 1 November 2026",
        (("Edition 2", "8 October 2026, due 1 October 2026"),),
    )
    assert (overdue.standing, overdue.text.partition("; ")[2]) == (NOT_MET, "the next is overdue: 1 November 2026")


def test_an_edition_that_was_late(session: Session, house: Service) -> None:
    published(session, date(2026, 9, 1), date(2026, 10, 9))

    figure = publication_items.editions_on_time(session, moment_at(datetime(2026, 10, 10, 9, tzinfo=UTC)))

    assert (figure.standing, figure.text) == (NOT_MET, "The last one came late; the next is due: 1 November 2026")


def test_the_first_edition_is_neither(session: Session, house: Service) -> None:
    published(session, date(2026, 9, 1))
    published(session, date(2026, 9, 9), corrects=1)

    figure = publication_items.editions_on_time(session, moment_at(datetime(2026, 9, 10, 9, tzinfo=UTC)))

    assert figure == Figure(MET, "The next is due: 1 October 2026", (("Edition 1", "1 September 2026, the first"),))


@pytest.mark.parametrize(("acknowledged", "standing"), [(4, MET), (3, NOT_MET)])
def test_acknowledgements_count_after_two_weeks(
    session: Session, house: Service, acknowledged: int, standing: Standing
) -> None:
    edition_id = published(session, date(2026, 9, 1))
    at = datetime(2026, 9, 1, 9, tzinfo=UTC)
    for number in range(5):
        seen = at if number < acknowledged else None
        receipt = EditionReceipt(
            edition_id=edition_id,
            user_id=factories.user(session).id,
            area="",
            sent_at=at,
            seen_at=seen,
            acknowledged_at=seen,
        )
        session.add(receipt)
    session.flush()

    early = publication_items.editions_acknowledged(session, moment_at(at + timedelta(days=13)))
    later = publication_items.editions_acknowledged(session, moment_at(at + timedelta(days=14)))

    assert early.standing is NO_DATA
    assert early.more == (
        ("Edition 1, 1 September 2026", f"to 5 people: {acknowledged} seen, {acknowledged} acknowledged"),
    )
    assert (later.standing, later.text) == (standing, f"{acknowledged * 20}% have acknowledged edition 1")


# Referrals.


def counted(session: Session, service: Service, quarter_month: str, **counts: int) -> None:
    """What was counted of a service's referrals in a month."""
    for measure, count in counts.items():
        name = measure.replace("answered_30", "answered.30")
        session.add(ReferralCount(month=quarter_month, service_id=service.id, measure=name, count=count))
    session.flush()


def test_shares_of_final_quarters_alone(session: Session, now: datetime, house: Service) -> None:
    counted(session, house, "2026-05", asked=100, accepted=100, answered_30=100, answered_in_time=70, code_met=100)
    counted(session, house, "2026-08", asked=100, accepted=100, answered_30=100, answered_in_time=90, code_met=80)
    counted(session, house, "2026-08", code_missed=20)
    counted(session, house, "2026-11", asked=100, accepted=100, answered_30=100, code_missed=100)

    in_time = referral_items.answered_in_time(session, moment_at(now))
    code = referral_items.victims_code(session, moment_at(now))

    third, second = (read_quarter(session, quarter, now).london for quarter in ("2026-Q3", "2026-Q2"))
    share = third[WITHIN_TARGET].text
    assert (in_time.standing, in_time.text) == (MET, f"{share[0].upper()}{share[1:]} in 2026-Q3")
    assert in_time.more == (
        ("2026-Q3", f"{share}; half of the answers {third[MEDIAN_RESPONSE].text}"),
        ("2026-Q2", f"{second[WITHIN_TARGET].text}; half of the answers {second[MEDIAN_RESPONSE].text}"),
    )
    assert code == Figure(NOT_MET, "About 80% in 2026-Q3", (("2026-Q3", "about 80%"), ("2026-Q2", "about 100%")))


def test_a_quarter_with_few_referrals_tells_nothing(session: Session, now: datetime, house: Service) -> None:
    counted(session, house, "2026-08", asked=99, accepted=99, answered_30=99, answered_in_time=99, code_met=99)

    for work in (referral_items.answered_in_time, referral_items.victims_code):
        figure = work(session, moment_at(now))
        assert figure.standing is NO_DATA
        assert "99" not in repr(figure)


def test_what_suppression_comes_to(
    session: Session, now: datetime, house: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(session, house, "2026-08", asked=100, accepted=97, unanswered=3)

    figure = referral_items.suppression(session, moment_at(now))
    assert (figure.standing, figure.text) == (MET, "No problems in 1 quarter")

    told = SuppressionCheck("2026-Q3", 9, 2, (f"computed: {house.id} unanswered is 3.",))
    monkeypatch.setattr(referral_items, "check_quarter", lambda _figures: told)

    # How many were given back, never which and what.
    assert referral_items.suppression(session, moment_at(now)) == Figure(
        NOT_MET, "1 problem in 1 quarter", (("2026-Q3", "9 figures, 2 hidden, 1 problem"),)
    )


# Information sharing.


def test_requests_and_the_firewall(session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    moment = moment_at(now)
    entered(session, keeper, now, decision="nothing_held")
    entered(session, keeper, now, requester=Requester.POLICE, decision="disclosed")
    waiting = entered(session, keeper, now, requester=Requester.PRESS)

    figure = sharing_items.requests_answered(session, moment)
    assert (figure.standing, figure.text) == (MET, "1 request not answered yet, 0 overdue")
    assert figure.more == (
        ("Oldest request without an answer", "of 2 November 2026, 14 working days ago"),
        ("Answered in time", "100%: 2 of 2"),
    )
    assert sharing_items.firewall_kept(session, moment) == Figure(
        MET,
        "1 request of the Home Office, 0 of them disclosed in part or whole",
        (("Immigration Enforcement", "nothing held: 1"), ("Police", "disclosed: 1"), ("Press", "not answered yet: 1")),
    )

    entered(session, keeper, now, requester=Requester.OTHER_HOME_OFFICE, decision="partly_disclosed")
    entered(session, keeper, now, requester=Requester.COURT, corrects=waiting, received_on=CAME - timedelta(days=30))

    assert sharing_items.firewall_kept(session, moment).standing is NOT_MET
    figure = sharing_items.requests_answered(session, moment)
    assert (figure.standing, figure.text) == (NOT_MET, "1 request not answered yet, 1 overdue")


# Integrity: each check bites.


def test_a_trail_that_was_tampered_with(session: Session, now: datetime) -> None:
    entered(session, commissioner(session), now, decision="refused")
    assert integrity_items.trail_whole(session, moment_at(now)).text == "2 entries, the chain is whole"

    with without_protection(session):
        session.execute(text("UPDATE audit_entries SET actor = 'user-999999' WHERE sequence = 2"))

    figure = integrity_items.trail_whole(session, moment_at(now))
    assert (figure.standing, figure.text) == (NOT_MET, "Broken at entry 2; whole before it")


def test_an_edition_that_was_tampered_with(session: Session, now: datetime, house: Service) -> None:
    published(session, date(2026, 9, 1))
    assert integrity_items.editions_whole(session, moment_at(now)) == Figure(MET, "1 edition, no problems")

    with without_protection(session):
        session.execute(text("UPDATE editions SET as_of = '2026-08-31'"))

    figure = integrity_items.editions_whole(session, moment_at(now))
    assert figure.standing is NOT_MET


def test_a_catalogue_that_was_written_past_the_product(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    differences = iter([["service one: phone", "service two: name"], ["service two: name"]])
    monkeypatch.setattr(integrity_items, "differences_from_history", lambda _session: next(differences))

    # The first is gone at the second look: somebody was changing it at that moment.
    assert integrity_items.history_whole(session, moment_at(now)) == Figure(
        NOT_MET, "1 difference between the catalogue and its history"
    )
