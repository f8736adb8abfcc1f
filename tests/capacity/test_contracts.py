"""Programmes: their file, their form, what they are beside the live units, and the one number of holds that is told."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.capacity.contracts import today as contracts_today
from directory.capacity.contracts.differences import DifferenceKind, WhoActs, find_differences
from directory.capacity.contracts.facts import ProgrammeFacts
from directory.capacity.contracts.files import load_programmes
from directory.capacity.contracts.inventory import ContractedUnit, Inventory, contracted_units
from directory.capacity.contracts.models import Programme
from directory.capacity.contracts.programmes import (
    ProgrammeChangedError,
    add_programme,
    change_programme,
    list_programmes,
    read_programme,
)
from directory.capacity.contracts.reconciliation import reconcile, reconcile_all
from directory.capacity.contracts.today import FEWEST_OF_EACH, StatesToday, may_tell_held, states_today
from directory.capacity.contracts.typed import ProgrammeTexts, texts_of
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import InvalidInputError, NotFoundError, RefusedError
from directory.common.sheets_safe import harmless
from directory.paths import SEED_DATA
from tests import factories
from tests.capacity.holding import at, audited
from tests.catalogue.folders import bring_in
from tests.support.databases import count_statements

SOMEBODY = Actor(7, "commissioner")
TEXTS = ProgrammeTexts("LDN-2", "London two", "3", "6", "1", "1 April 2025", "31/3/2028")
PROGRAMME = ProgrammeFacts("LDN-2", "London two", 1, 4, 0, date(2025, 4, 1), date(2028, 4, 1))
DAY = timedelta(days=1)


def enter(session: Session, **values: object) -> Programme:
    """A programme in the database: one unit of four bedspaces, as the factory makes them."""
    made = Programme(code="LDN-2", **PROGRAMME.values | values)
    session.add(made)
    session.flush()
    return made


def contracted(session: Session, **values: object) -> Unit:
    """A unit of that programme, with its dates."""
    dates = {"active_from": PROGRAMME.active_from, "active_until": PROGRAMME.active_until}
    return factories.unit(session, programme="LDN-2", **dates | values)


# The file.


def test_the_demonstrations_programme_reads_50_92_24(session: Session, now: datetime) -> None:
    for name in ("taxonomies", "demo"):
        bring_in(session, SEED_DATA / name, now)
    load_programmes(session, SEED_DATA / "demo", now)

    found = reconcile(session, "LDN-SAFE-2026", at(now))

    contract = found.programme
    assert (contract.units, contract.bedspaces, contract.ringfenced_units) == (50, 92, 24)
    assert found.live == Inventory(50, 92, 24)
    assert found.today == StatesToday(open_or_held=23, open=23, held=0, occupied=22, closed=5)
    kinds = {one.kind for one in found.differences}
    assert not kinds & {DifferenceKind.UNITS, DifferenceKind.BEDSPACES, DifferenceKind.RINGFENCED}


def test_loading_it_twice_changes_nothing(session: Session, now: datetime) -> None:
    first = load_programmes(session, SEED_DATA / "demo", now)
    again = load_programmes(session, SEED_DATA / "demo", now)

    assert (len(first.difference.added), again.difference.empty) == (3, True)
    assert audited(session) == [("programme_changed", "system")] * 3


def test_a_programme_that_the_file_does_not_name_stays(session: Session, now: datetime) -> None:
    enter(session)

    load_programmes(session, SEED_DATA / "demo", now)

    assert "LDN-2" in [one.code for one in list_programmes(session)]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("NRPF-2026,London,1,1,0,,", "It tells for whom a unit is funded"),
        ("LDN,No recourse rooms,1,1,0,,", "It tells for whom a unit is funded"),
        ("LDN,12 Acacia Road,1,1,0,,", "It holds a street address"),
        ("LDN,London,2,1,0,,", "Each unit has a bedspace or more"),
        ("LDN,London,2,2,3,,", "They are some of the units"),
        ("LDN,London,2,2,1,2026-04-01,2026-04-01", "The contract must end after it begins"),
        ("LDN,London,two,2,1,,", "It must be a whole number"),
    ],
)
def test_a_wrong_file_is_refused(session: Session, tmp_path: Path, now: datetime, row: str, message: str) -> None:
    header = "code,name,units,bedspaces,ringfenced_units,active_from,active_until"
    (tmp_path / "programmes.csv").write_text(f"{header}\n{row}\n")

    with pytest.raises(RefusedError, match=message):
        load_programmes(session, tmp_path, now)

    assert list_programmes(session) == []


# The form.


def test_a_programme_is_entered_and_read_back(session: Session, now: datetime) -> None:
    made = add_programme(session, TEXTS, SOMEBODY, now)

    assert made == ProgrammeFacts("LDN-2", "London two", 3, 6, 1, date(2025, 4, 1), date(2028, 4, 1))
    assert read_programme(session, "LDN-2") == made
    assert texts_of(made) == replace(TEXTS, last_day="31 March 2028")
    assert audited(session) == [("programme_changed", "user-7")]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "a b"}, ["code"]),
        ({"code": "x" * 61}, ["code"]),
        ({"code": "NEW"}, ["code"]),
        ({"code": "N-R-P-F"}, ["code"]),
        ({"name": " "}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"name": "Ring-fenced rooms"}, ["name"]),
        ({"name": "Rooms at E8 3PN"}, ["name"]),
        ({"units": "-1", "name": ""}, ["name", "units"]),
        ({"units": "3.5", "bedspaces": "many", "ringfenced_units": ""}, ["units", "bedspaces", "ringfenced_units"]),
        ({"bedspaces": "2"}, ["bedspaces"]),
        ({"ringfenced_units": "4"}, ["ringfenced_units"]),
        ({"first_day": "31 February 2026"}, ["first_day"]),
        ({"first_day": "tomorrow", "last_day": "2026-13-01"}, ["first_day", "last_day"]),
        ({"last_day": "1/4/1026"}, ["last_day"]),
        ({"last_day": "31 March 2025"}, ["last_day"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    session: Session, now: datetime, typed: dict[str, str], fields: list[str]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add_programme(session, replace(TEXTS, **typed), SOMEBODY, now)

    assert [problem.field for problem in refused.value.problems] == fields
    assert list_programmes(session) == []


@pytest.mark.parametrize("code", ["LDN-2", "ldn-2"])
def test_a_code_is_used_once(session: Session, now: datetime, code: str) -> None:
    add_programme(session, TEXTS, SOMEBODY, now)

    with pytest.raises(InvalidInputError, match="code: There is a programme LDN-2 already"):
        add_programme(session, replace(TEXTS, code=code), SOMEBODY, now)


def test_a_contract_may_last_a_day_or_have_no_limits(session: Session, now: datetime) -> None:
    one_day = replace(TEXTS, first_day="2026-04-01", last_day="1 apr 2026")
    unlimited = replace(TEXTS, code="LDN-3", first_day="", last_day="")

    assert add_programme(session, one_day, SOMEBODY, now).active_until == date(2026, 4, 2)
    assert add_programme(session, unlimited, SOMEBODY, now).active_until is None


def test_a_change_is_kept_and_recorded_once(session: Session, now: datetime) -> None:
    seen = add_programme(session, TEXTS, SOMEBODY, now)

    changed = change_programme(session, "LDN-2", replace(TEXTS, units="4"), seen.version, SOMEBODY, now)
    same = change_programme(session, "LDN-2", replace(TEXTS, units="4"), changed.version, SOMEBODY, now)

    assert read_programme(session, "LDN-2").units == 4
    assert changed == same
    assert len(audited(session)) == 2


def test_the_second_of_two_people_sees_what_the_first_changed(session: Session, now: datetime) -> None:
    seen = add_programme(session, TEXTS, SOMEBODY, now).version
    change_programme(session, "LDN-2", replace(TEXTS, bedspaces="9"), seen, SOMEBODY, now)

    with pytest.raises(ProgrammeChangedError) as refused:
        change_programme(session, "LDN-2", replace(TEXTS, units="4"), seen, SOMEBODY, now)

    assert refused.value.current.bedspaces == 9
    assert read_programme(session, "LDN-2").units == 3


def test_what_is_not_there_cannot_be_changed_or_read(session: Session, now: datetime) -> None:
    with pytest.raises(NotFoundError):
        change_programme(session, "LDN-2", TEXTS, "", SOMEBODY, now)
    with pytest.raises(NotFoundError):
        reconcile(session, "LDN-2", at(now))


# Differences.


def told(session: Session, now: datetime) -> list[tuple[DifferenceKind, WhoActs]]:
    """The differences of the programme."""
    return [(one.kind, one.who) for one in reconcile(session, "LDN-2", at(now)).differences]


COMMISSIONER, PROVIDER = WhoActs.COMMISSIONER, WhoActs.PROVIDER


def test_where_all_is_as_contracted_nothing_differs(session: Session, now: datetime) -> None:
    enter(session)
    contracted(session)

    assert told(session, now) == []


@pytest.mark.parametrize(
    ("programme", "expected"),
    [
        ({"units": 2}, [(DifferenceKind.UNITS, PROVIDER)]),
        ({"units": 2, "bedspaces": 6}, [(DifferenceKind.UNITS, PROVIDER), (DifferenceKind.BEDSPACES, PROVIDER)]),
        ({"units": 0, "bedspaces": 4}, [(DifferenceKind.UNITS, COMMISSIONER)]),
        ({"bedspaces": 5}, [(DifferenceKind.BEDSPACES, COMMISSIONER)]),
        ({"ringfenced_units": 1}, [(DifferenceKind.RINGFENCED, COMMISSIONER)]),
        ({"active_from": date(2025, 4, 2)}, [(DifferenceKind.UNIT_DATES, COMMISSIONER)]),
        ({"active_until": date(2028, 3, 31)}, [(DifferenceKind.UNIT_DATES, COMMISSIONER)]),
        ({"active_from": None, "active_until": None}, []),
    ],
)
def test_sums_and_dates_that_differ(
    session: Session,
    now: datetime,
    programme: dict[str, object],
    expected: list[tuple[DifferenceKind, WhoActs]],
) -> None:
    enter(session, **programme)
    contracted(session)

    assert told(session, now) == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ({"active_from": None}, [(DifferenceKind.UNIT_DATES, COMMISSIONER)]),
        ({"active_until": None}, [(DifferenceKind.UNIT_DATES, COMMISSIONER)]),
        ({"active_until": date(2026, 11, 22)}, [(DifferenceKind.NOT_OFFERED, COMMISSIONER)]),
        ({"active_from": date(2026, 11, 23)}, [(DifferenceKind.NOT_OFFERED, COMMISSIONER)]),
        ({"state": UnitState.CLOSED}, [(DifferenceKind.CLOSED, PROVIDER)]),
        ({"confirmed_at": None}, [(DifferenceKind.NOT_CONFIRMED, PROVIDER)]),
        ({"state": UnitState.OCCUPIED, "confirmed_at": None}, [(DifferenceKind.NOT_CONFIRMED, PROVIDER)]),
        ({"state": UnitState.CLOSED, "confirmed_at": None}, [(DifferenceKind.CLOSED, PROVIDER)]),
    ],
)
def test_units_that_are_not_as_contracted(
    session: Session, now: datetime, unit: dict[str, object], expected: list[tuple[DifferenceKind, WhoActs]]
) -> None:
    enter(session)
    contracted(session, **unit)

    assert told(session, now) == expected


def test_a_stale_unit_waits_for_its_provider(session: Session, now: datetime) -> None:
    enter(session)
    contracted(session, confirmed_at=now - timedelta(hours=73))

    assert told(session, now) == [(DifferenceKind.NOT_CONFIRMED, PROVIDER)]
    assert told(session, now - timedelta(hours=2)) == []


def test_a_unit_that_is_closed_for_long_is_told_apart(session: Session, now: datetime) -> None:
    enter(session)
    contracted(session, state=UnitState.CLOSED)  # since the factory's 22 November

    assert told(session, now + 27 * DAY) == [(DifferenceKind.CLOSED, PROVIDER)]
    assert told(session, now + 28 * DAY) == [(DifferenceKind.CLOSED_FOR_LONG, PROVIDER)]


@pytest.mark.parametrize("which", ["service", "organisation"])
def test_a_unit_that_nobody_can_find_waits_for_a_commissioner(session: Session, now: datetime, which: str) -> None:
    enter(session)
    status = {"status": ListingStatus.SUSPENDED}
    owner = factories.organisation(session, **status if which == "organisation" else {})
    refuge = factories.service(session, owner, **status if which == "service" else {})
    contracted(session, service=refuge, confirmed_at=None)

    assert told(session, now) == [(DifferenceKind.NOT_PUBLISHED, COMMISSIONER)]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2027, 2, 21), []),
        (date(2027, 2, 20), [(DifferenceKind.CONTRACT_DATES, COMMISSIONER)]),
        (date(2026, 11, 23), [(DifferenceKind.CONTRACT_DATES, COMMISSIONER)]),
        (date(2026, 11, 22), [(DifferenceKind.CONTRACT_DATES, COMMISSIONER)]),
    ],
)
def test_a_contract_that_ends_within_90_days(
    session: Session, now: datetime, until: date, expected: list[tuple[DifferenceKind, WhoActs]]
) -> None:
    enter(session, active_until=until)
    contracted(session, active_until=until)

    assert told(session, now) == expected


def test_one_that_has_ended_asks_only_for_the_units_that_still_name_it(session: Session, now: datetime) -> None:
    enter(session, active_until=date(2026, 4, 1), units=9, bedspaces=20)
    assert told(session, now) == []

    contracted(session, state=UnitState.CLOSED)
    (only,) = reconcile(session, "LDN-2", at(now)).differences
    assert only.text == "The contract ended on 31 March 2026, and 1 unit still names it."


def test_one_that_has_not_begun_asks_for_its_units_only(session: Session, now: datetime) -> None:
    enter(session, active_from=date(2027, 4, 1), units=2)
    contracted(session, active_from=date(2027, 4, 1), state=UnitState.CLOSED)

    assert told(session, now) == [(DifferenceKind.UNITS, PROVIDER)]


def test_removed_units_and_units_of_no_programme_do_not_count(session: Session, now: datetime) -> None:
    enter(session)
    contracted(session)
    contracted(session, removed_at=now, state=UnitState.CLOSED)
    factories.unit(session)

    assert told(session, now) == []


def test_all_programmes_with_their_differences_and_those_that_nobody_entered(
    session: Session, engine: Engine, now: datetime
) -> None:
    enter(session, units=2, ringfenced_units=1)
    contracted(session)
    refuge = factories.service(session)
    for _ in range(3):
        factories.unit(session, refuge, programme="BOROUGH-1")
    factories.unit(session, programme="Grant 7/8")

    with count_statements(engine) as statements:
        found = reconcile_all(session, at(now))

    assert len(statements) == 2
    (one,) = found.programmes
    assert (one.live, one.for_commissioner, one.for_providers) == (Inventory(1, 4, 0), 1, 1)
    assert [(unknown.code, unknown.live.units, unknown.usable) for unknown in found.unknown] == [
        ("BOROUGH-1", 3, True),
        ("Grant 7/8", 1, False),
    ]


def test_one_programme_takes_few_statements_however_many_units(session: Session, engine: Engine, now: datetime) -> None:
    enter(session)
    for _ in range(12):
        contracted(session)

    with count_statements(engine) as statements:
        reconcile(session, "LDN-2", at(now))

    assert len(statements) == 5


def test_differences_need_no_database(now: datetime) -> None:
    names = {"id": "r-1", "name": "Room 1", "service_id": "r", "service_name": "R", "organisation_name": "O"}
    facts = {"bedspaces": 4, "ringfenced": False, "state_since": None, "confirmed_at": now, "published": True}
    dates = {"active_from": date(2025, 4, 1), "active_until": date(2028, 4, 1)}
    unit = ContractedUnit(programme="LDN-2", state=UnitState.CLOSED, **names, **facts, **dates)

    (only,) = find_differences(PROGRAMME, [unit], at(now))

    assert (only.unit, only.text) == (unit, "It is out of service.")


# Holds: firewall, rule 3.


def proves_something(ringfenced: int, others: int, held: int) -> bool:
    """Whether `held` of these units being held leaves no doubt about either kind: every way to spread them is tried."""
    ways = [(a, held - a) for a in range(ringfenced + 1) if 0 <= held - a <= others]
    some_ringfenced = all(a > 0 for a, _ in ways)
    some_other = all(b > 0 for _, b in ways)
    return held > 0 and (some_ringfenced or some_other)


def test_a_number_that_is_told_proves_nothing_of_either_kind() -> None:
    for ringfenced, others in product(range(14), range(14)):
        for held in range(ringfenced + others + 1):
            if may_tell_held(ringfenced, others, held):
                assert min(ringfenced, others) >= FEWEST_OF_EACH
                assert not proves_something(ringfenced, others, held)


def test_that_check_bites() -> None:
    assert proves_something(1, 0, 1)
    assert proves_something(5, 9, 6)
    assert not proves_something(5, 9, 4)


@pytest.mark.parametrize(
    ("ringfenced", "others", "held", "told"),
    [
        (4, 20, 0, False),
        (20, 4, 0, False),
        (0, 30, 1, False),
        (5, 5, 0, True),
        (5, 5, 4, True),
        (5, 5, 5, False),
        (24, 26, 3, True),
    ],
)
def test_when_the_number_of_holds_is_told(ringfenced: int, others: int, held: int, told: bool) -> None:
    assert may_tell_held(ringfenced, others, held) is told


def programme_with(session: Session, ringfenced: int, others: int) -> list[Unit]:
    """Open units of the programme, ring-fenced ones first."""
    refuge = factories.service(session)
    fences = [RingFence.NRPF] * ringfenced + [RingFence.NONE] * others
    return [contracted(session, service=refuge, ringfence=fence) for fence in fences]


def test_holds_are_counted_for_the_whole_programme(session: Session, now: datetime) -> None:
    units = programme_with(session, 5, 6)
    factories.hold(session, units[0])
    factories.hold(session, units[-1])
    factories.hold(session, units[1], held_at=now - timedelta(hours=3))  # has run out
    factories.hold(session)  # of no programme
    contracted(session, service_id=units[0].service_id, state=UnitState.OCCUPIED)

    found = states_today(session, "LDN-2", contracted_units(session), now)

    assert found == StatesToday(open_or_held=11, open=9, held=2, occupied=1, closed=0)


def test_occupied_units_hide_no_hold(session: Session, now: datetime) -> None:
    units = programme_with(session, 6, 6)
    for unit in units[:2]:
        unit.state = UnitState.OCCUPIED
    session.flush()

    found = states_today(session, "LDN-2", contracted_units(session), now)

    assert found == StatesToday(open_or_held=10, open=None, held=None, occupied=2, closed=0)


@pytest.mark.parametrize(("ringfenced", "others"), [(1, 0), (4, 9), (9, 4)])
def test_in_a_small_programme_a_hold_changes_nothing_that_is_told(
    session: Session, now: datetime, ringfenced: int, others: int
) -> None:
    enter(session)
    units = programme_with(session, ringfenced, others)
    before = reconcile(session, "LDN-2", at(now)), reconcile_all(session, at(now))

    factories.hold(session, units[0])

    assert (reconcile(session, "LDN-2", at(now)), reconcile_all(session, at(now))) == before


def test_that_a_hold_changes_nothing_is_the_rules_doing(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(session)
    units = programme_with(session, 1, 0)
    monkeypatch.setattr(contracts_today, "may_tell_held", lambda *_numbers: True)
    before = reconcile(session, "LDN-2", at(now))

    factories.hold(session, units[0])

    assert reconcile(session, "LDN-2", at(now)) != before


# What spreadsheets get.


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 20", "-1", "@x", "\tx", "\rx", "\nx", "  =HYPERLINK()", "＝1", "＋1", "－1", "＠x"]
)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Room 1", "a=b", "'quoted", " spaced", "5-7"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
