"""Two taps: what a link shows, and what it confirms. It shows nothing that a stranger may not know."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from directory.capacity.models import RingFence
from directory.capacity.overdue import DueSubject, count_reminder
from directory.capacity.updates import ChangedMeanwhileError, UnitAnswer, set_unit_state
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.versions.reading import versions_of
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import NotFoundError, RefusedError
from directory.extensions import Database, begin_writing
from directory.upkeep.links import LinkState, OpenLink, make_link, open_link
from directory.upkeep.one_tap import Answered, LinkOverError, UnitLockedError, answer, read_page
from tests import factories
from tests.messaging.test_two_at_once import at_once
from tests.support.databases import count_statements
from tests.upkeep.keeping import (
    CLOSED,
    DAY,
    NINE,
    OCCUPIED,
    OPEN,
    actor,
    audited,
    moment,
    refuge,
    still,
    unit_reminders,
    units_of,
)

WHEN = NINE + timedelta(minutes=7, seconds=31)
MINUTE = NINE + timedelta(minutes=7)


@pytest.fixture
def service(session: Session) -> Service:
    return refuge(session, 3, confirmed_at=NINE - 3 * DAY)


@pytest.fixture
def token(session: Session, service: Service) -> str:
    made = make_link(session, [service.id], NINE)
    session.commit()
    return made


def reply(session: Session, token: str, units: dict[str, UnitAnswer], listings: tuple[str, ...] = ()) -> Answered:
    """As the page does: kept where nothing is raised."""
    try:
        done = answer(session, token, units, listings, WHEN, moment(WHEN))
    except Exception:
        session.rollback()
        raise
    session.commit()
    return done


def link_of(session: Session, token: str) -> OpenLink:
    return open_link(session, token, WHEN)


def test_it_shows_the_services_own_units_and_nothing_else(session: Session, service: Service, token: str) -> None:
    refuge(session)
    first, second, third = units_of(session, service)
    first.state, second.ringfence = CLOSED, RingFence.NRPF
    factories.unit(session, service, state=CLOSED, removed_at=NINE)
    factories.unit(session, service, active_until=NINE.date())
    factories.hold(session, third, held_at=NINE)
    service.referral_email, service.professional_phone, service.phone = FIRST_ADDRESS, "020 7946 0999", "020 7946 0001"
    session.commit()

    page = read_page(session, link_of(session, token), moment(WHEN))

    (shown,) = page.services
    assert (shown.id, shown.name, shown.listing) == (service.id, service.name, None)
    assert [(unit.id, unit.state, unit.locked) for unit in shown.units] == [
        (first.id, CLOSED, False),
        (second.id, OPEN, False),
        (third.id, OPEN, True),
    ]
    names = {field.name for part in (page, shown, shown.units[0]) for field in dataclasses.fields(part)}
    assert names == {"services", "id", "name", "units", "listing", "state", "confirmed_at", "locked"}
    said = str(page).lower()
    for secret in ("nrpf", "ring", "held", "hold", "0999", FIRST_ADDRESS, "e09", "hackney"):
        assert secret not in said


FIRST_ADDRESS = "somewhere@example.org"


def test_still_right_is_one_tap(session: Session, service: Service, token: str) -> None:
    units = units_of(session, service)

    assert reply(session, token, still(units)) == Answered(confirmed=3, changed=0, listings=0)

    link = link_of(session, token)
    assert link.state is LinkState.USED
    # To the minute, as every confirmation: to the microsecond it would be that of a hold (firewall, rule 3).
    assert {(unit.confirmed_at, unit.confirmed_by) for unit in units_of(session, service)} == {(MINUTE, link.reference)}
    assert [(event, details) for event, _, details in audited(session)] == [
        ("update_link_sent", f'{{"link":"{link.reference}","services":["{service.id}"]}}'),
        ("update_link_used", f'{{"link":"{link.reference}"}}'),
        ("units_confirmed", f'{{"service":"{service.id}","units":3}}'),
    ]


def test_a_unit_is_changed_and_its_history_kept(session: Session, service: Service, token: str) -> None:
    one, two, three = units_of(session, service)

    done = reply(session, token, still([one, three]) | {two.id: UnitAnswer(OPEN, OCCUPIED)})

    assert done == Answered(confirmed=3, changed=1, listings=0)
    assert [unit.state for unit in units_of(session, service)] == [OPEN, OCCUPIED, OPEN]
    changed = [entry for entry in audited(session) if entry[0] == "unit_state_changed"]
    assert changed == [("unit_state_changed", link_of(session, token).reference, changed[0][2])]
    assert two.id not in changed[0][2]


def test_somebody_else_was_faster_nothing_is_kept_and_the_link_still_works(
    session: Session, service: Service, token: str
) -> None:
    units = units_of(session, service)
    seen = still(units)
    provider = factories.user(session, "provider", organisation_id=service.organisation_id)
    set_unit_state(session, units[1].id, OCCUPIED, actor(provider), NINE)
    session.commit()

    with pytest.raises(ChangedMeanwhileError) as refused:
        reply(session, token, seen)

    assert refused.value.unit_ids == [units[1].id]
    assert link_of(session, token).state is LinkState.USABLE
    assert [unit.confirmed_at for unit in units_of(session, service)] == [NINE - 3 * DAY, NINE, NINE - 3 * DAY]
    assert reply(session, token, still(units_of(session, service))).confirmed == 3


def test_a_held_unit_is_confirmed_as_it_is_and_not_taken_away(session: Session, service: Service, token: str) -> None:
    units = units_of(session, service)
    factories.hold(session, units[0], held_at=NINE)
    session.commit()

    with pytest.raises(UnitLockedError) as refused:
        reply(session, token, still(units) | {units[0].id: UnitAnswer(OPEN, CLOSED)})

    assert "held" not in str(refused.value)
    assert link_of(session, token).state is LinkState.USABLE
    assert reply(session, token, still(units)) == Answered(3, 0, 0)


def test_a_link_opens_no_unit_and_no_listing_of_others(session: Session, service: Service, token: str) -> None:
    other = refuge(session)
    (theirs,) = units_of(session, other)
    # That it is held, too, is not to be learnt from here.
    factories.hold(session, theirs, held_at=NINE)
    session.commit()

    for units, listings in (
        ({theirs.id: UnitAnswer(OPEN, OPEN)}, ()),
        ({theirs.id: UnitAnswer(OPEN, CLOSED)}, ()),
        ({"no-such-unit": UnitAnswer(OPEN, OPEN)}, ()),
        ({}, (other.id,)),
        ({}, ("no-such-service",)),
    ):
        with pytest.raises(NotFoundError):
            reply(session, token, units, listings)
    assert link_of(session, token).state is LinkState.USABLE


def test_saying_nothing_uses_nothing_up(session: Session, token: str) -> None:
    with pytest.raises(RefusedError):
        reply(session, token, {})

    assert link_of(session, token).state is LinkState.USABLE


def test_a_link_that_is_over_confirms_nothing(session: Session, service: Service, token: str) -> None:
    units = units_of(session, service)
    reply(session, token, still(units[:1]))

    for unusable, state in ((token, LinkState.USED), ("never made", LinkState.UNKNOWN)):
        with pytest.raises(LinkOverError) as refused:
            reply(session, unusable, still(units))
        assert refused.value.state is state
        assert read_page(session, link_of(session, unusable), moment(WHEN)).services == ()
    assert [unit.confirmed_at for unit in units_of(session, service)][1:] == [NINE - 3 * DAY] * 2


def test_a_service_that_is_not_published_any_more_is_not_opened(session: Session, service: Service, token: str) -> None:
    units = still(units_of(session, service))
    service.status = ListingStatus.SUSPENDED
    session.commit()

    assert read_page(session, link_of(session, token), moment(WHEN)).services == ()
    with pytest.raises(NotFoundError):
        reply(session, token, units)


def test_a_listing_is_confirmed_with_its_organisation(session: Session, service: Service, token: str) -> None:
    service.verified_on = (NINE - 200 * DAY).date()
    count_reminder(session, service.id, DueSubject.LISTING, NINE)
    session.commit()
    (shown,) = read_page(session, link_of(session, token), moment(WHEN)).services
    assert shown.listing is not None
    assert shown.listing.verified_on == (NINE - 200 * DAY).date()

    done = reply(session, token, still(units_of(session, service)), (service.id,))

    reference = link_of(session, token).reference
    assert done == Answered(confirmed=3, changed=0, listings=1)
    for row in (session.get_one(Service, service.id), session.get_one(Organisation, service.organisation_id)):
        session.refresh(row)
        assert (row.verified_on, row.verified_by) == (NINE.date(), reference)
    newest = versions_of(session, ListingKind.SERVICE, service.id)[0]
    assert (newest.made_by, newest.values["verified_on"]) == (reference, "2026-11-23")
    assert read_page(session, make_and_open(session, service), moment(WHEN)).services[0].listing is None
    assert ("listing_confirmed", reference, f'{{"service":"{service.id}"}}') in audited(session)


def make_and_open(session: Session, service: Service) -> OpenLink:
    return open_link(session, make_link(session, [service.id], WHEN), WHEN)


def test_confirming_everything_ends_the_counting_and_confirming_a_part_does_not(
    session: Session, service: Service, token: str
) -> None:
    count_reminder(session, service.id, DueSubject.UNITS, NINE)
    session.commit()
    units = units_of(session, service)

    reply(session, token, still(units[:2]))
    assert unit_reminders(session, service) == 1
    another = make_link(session, [service.id], WHEN)
    reply(session, another, still(units[2:]))
    assert unit_reminders(session, service) == 0


def test_signing_in_ends_the_counting_as_well(session: Session, service: Service) -> None:
    provider = actor(factories.user(session, "provider", organisation_id=service.organisation_id))
    units = units_of(session, service)
    units[2].state = CLOSED
    count_reminder(session, service.id, DueSubject.UNITS, NINE)
    session.commit()

    for number, unit in enumerate(units[:2]):
        assert unit_reminders(session, service) == 1, f"{2 - number} units are still to be confirmed"
        set_unit_state(session, unit.id, OPEN, provider, WHEN)
    assert unit_reminders(session, service) == 0
    assert {unit.confirmed_by for unit in units_of(session, service)} == {provider.reference, ""}


def test_reading_takes_few_statements_however_many_services(session: Session) -> None:
    services = [refuge(session, 4) for _ in range(5)]
    link = open_link(session, make_link(session, [one.id for one in services], WHEN), WHEN)

    with count_statements(session.get_bind().engine) as statements:
        assert len(read_page(session, link, moment(WHEN)).services) == 5

    assert len(statements) == 3


def test_of_two_who_answer_at_once_one_is_heard(database_url: str) -> None:
    database = Database(database_url)
    with database.new_session() as session:
        service = refuge(session)
        token = make_link(session, [service.id], NINE)
        session.commit()
        (unit,) = units_of(session, service)
    outcomes: list[str] = []

    def tap() -> None:
        with database.new_session() as session:
            begin_writing(session)
            try:
                answer(session, token, still([unit]), (), WHEN, moment(WHEN))
            except LinkOverError as error:
                outcomes.append(error.state.value)
            else:
                session.commit()
                outcomes.append("confirmed")

    at_once(3, tap)
    database.engine.dispose()

    assert sorted(outcomes) == ["confirmed", "used", "used"]
