"""What goes into an edition, and what must never: its canonical content, the same on both databases."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from directory.capacity.contracts.models import Programme
from directory.capacity.files import import_folder
from directory.capacity.models import RingFence
from directory.catalogue.models import PerformanceFigure
from directory.catalogue.vocabulary import AcceptsNrpf, ListingStatus, LocationDisclosure, ServiceKind
from directory.extensions import Database
from directory.paths import SEED_DATA
from directory.publishing.editions.canonical import canonical, content_hash, content_lines, lines, rows_of
from directory.publishing.editions.content import build_entries
from directory.publishing.editions.facts import Entry
from directory.publishing.editions.lifecycle import draft
from directory.publishing.editions.vocabulary import EntryKind
from tests import factories
from tests.publishing.editions.world import moment_at, people, refuge
from tests.support.databases import Databases

SERVICE_KEYS = {
    *("id", "organisation_id", "organisation_name", "by_and_for", "name", "kind", "description", "needs"),
    *("communities", "languages", "genders", "min_age", "max_age", "accepts_nrpf", "areas", "location_disclosure"),
    *("postcode", "borough", "access_features", "hours", "phone", "website", "response_target_minutes"),
    *("verified_on", "units", "bedspaces"),
}
PROFESSIONAL, MAILBOX = "020 7946 0777", "in.confidence@example.org"


def bodies(entries: list[Entry], kind: EntryKind) -> dict[str, Any]:
    return {entry.id: entry.body for entry in entries if entry.kind is kind}


def secret_refuge(session: Session) -> None:
    """A refuge of which everything is filled that must not leave."""
    house = factories.service(
        session,
        id="quiet-house",
        location_disclosure=LocationDisclosure.SECRET,
        professional_phone=PROFESSIONAL,
        referral_email=MAILBOX,
        verified_on=date(2026, 11, 1),
    )
    confirmed = datetime(2026, 11, 20, 21, 43, tzinfo=UTC)
    for number, fence in enumerate((RingFence.NRPF, RingFence.NONE)):
        unit = factories.unit(
            session,
            house,
            id=f"quiet-house-room-{number}",
            name=f"Attic {number}",
            ringfence=fence,
            confirmed_at=confirmed,
            programme="SMALL",
        )
        if fence is RingFence.NONE:
            factories.hold(session, unit)
    session.add(Programme(code="SMALL", name="One house", units=2, bedspaces=8, ringfenced_units=1))
    session.flush()


def leaks(content: str) -> list[str]:
    """Everything in an edition's content that must not be there (firewall, rules 2, 3 and 6)."""
    found = [
        word
        for word in (PROFESSIONAL, MAILBOX, "quiet-house-room", "Attic", "2026-11-20", "21:43", "confirmed", "hold")
        if word in content
    ]
    for line in content.splitlines()[1:]:
        entry = json.loads(line)
        body = entry["body"]
        if entry["kind"] == "service":
            found += sorted({*body} - SERVICE_KEYS)
            if body["location_disclosure"] != "public" and body["postcode"]:
                found.append("a postcode of a place that is not public")
        elif entry["kind"] == "programme":
            found += [key for key in body if "ringfenced" in key and 0 < (body[key] or 0) < 5]
        elif "ringfence" in line:
            found.append("a ring-fence")
    return found


def text_of(entries: list[Entry]) -> str:
    return b"".join(lines(rows_of(entries))).decode()


def test_nothing_leaves_that_must_not(session: Session, now: datetime) -> None:
    secret_refuge(session)

    content = text_of(build_entries(session, moment_at(now)))

    assert "quiet-house" in content
    assert '"borough":"E09000012"' in content
    assert leaks(content) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("professional_phone", PROFESSIONAL),
        ("referral_email", MAILBOX),
        ("units_by_ringfence", {"nrpf": 1, "none": 1}),
        ("unit_ids", ["quiet-house-room-0"]),
        ("states", ["open"]),
        ("confirmed_at", "2026-11-20T21:43:00Z"),
        ("held", 1),
        ("postcode", "E8 3GA"),
    ],
)
def test_looking_for_leaks_bites(session: Session, now: datetime, key: str, value: Any) -> None:
    secret_refuge(session)
    entries = build_entries(session, moment_at(now))
    leaking = [
        Entry(entry.kind, entry.id, {**entry.body, key: value}) if entry.kind is EntryKind.SERVICE else entry
        for entry in entries
    ]
    assert leaks(text_of(leaking)) != []


def test_a_programme_tells_ring_fences_only_where_there_are_many_of_each(session: Session, now: datetime) -> None:
    secret_refuge(session)
    session.add(Programme(code="LARGE", name="Many houses", units=50, bedspaces=92, ringfenced_units=24))
    session.add(Programme(code="ENDED", name="Over", units=1, bedspaces=1, ringfenced_units=0, active_until=now.date()))
    session.flush()

    programmes = bodies(build_entries(session, moment_at(now)), EntryKind.PROGRAMME)

    assert {*programmes} == {"LARGE", "SMALL"}
    assert programmes["LARGE"]["ringfenced_units"] == 24
    assert (programmes["SMALL"]["live_units"], programmes["SMALL"]["live_bedspaces"]) == (2, 8)
    assert programmes["SMALL"]["ringfenced_units"] is None


def test_two_editions_tell_no_ring_fence_by_their_difference(session: Session, now: datetime) -> None:
    session.add(Programme(code="LARGE", name="Many houses", units=50, bedspaces=92, ringfenced_units=24))
    session.flush()
    house = refuge(session, units=0)
    for number in range(12):
        factories.unit(session, house, programme="LARGE", ringfence="nrpf" if number % 2 else "none")
    new_house = refuge(session, units=0)

    def programmes_with(ringfence: str) -> dict[str, dict[str, Any]]:
        unit = factories.unit(session, new_house, programme="LARGE", ringfence=ringfence)
        found = bodies(build_entries(session, moment_at(now)), EntryKind.PROGRAMME)
        session.delete(unit)
        session.flush()
        return found

    assert programmes_with("nrpf") == programmes_with("none")


def test_what_is_in_and_what_is_not(session: Session, now: datetime) -> None:
    organisation = factories.organisation(session, communities=["latin-american", "deaf"], by_and_for=True)
    house = refuge(session, units=2, owner=organisation, languages=["so", "en"], needs=["refuge-space", "housing"])
    for dates in ({"active_until": now.date()}, {"active_from": now.date() + timedelta(days=1)}, {"removed_at": now}):
        state = {"state": "closed"} if "removed_at" in dates else {}
        factories.unit(session, house, **dates, **state)
    advice = factories.service(
        session,
        organisation,
        kind=ServiceKind.LEGAL_ADVICE,
        location_disclosure=LocationDisclosure.PUBLIC,
        postcode="E8 3GA",
        latitude=51.5,
        longitude=0.0,
        accepts_nrpf=None,
    )
    factories.service(session, organisation, status=ListingStatus.SUSPENDED)
    factories.service(session, factories.organisation(session, status=ListingStatus.DRAFT))
    factories.service(session, organisation, status=ListingStatus.WITHDRAWN, removed_at=now)

    entries = build_entries(session, moment_at(now))
    services = bodies(entries, EntryKind.SERVICE)

    assert {*services} == {house.id, advice.id}
    assert {*bodies(entries, EntryKind.ORGANISATION)} == {organisation.id}
    assert (services[house.id]["units"], services[house.id]["bedspaces"]) == (2, 8)
    assert (services[advice.id]["units"], services[advice.id]["bedspaces"]) == (None, None)
    assert (services[house.id]["postcode"], services[advice.id]["postcode"]) == (None, "E8 3GA")
    assert (services[house.id]["accepts_nrpf"], services[advice.id]["accepts_nrpf"]) == (AcceptsNrpf.NO.value, None)
    assert services[house.id]["languages"] == ["en", "so"]
    assert services[house.id]["needs"] == ["housing", "refuge-space"]
    assert {*services[house.id]} == SERVICE_KEYS
    assert bodies(entries, EntryKind.ORGANISATION)[organisation.id]["communities"] == ["deaf", "latin-american"]


def test_performance_is_what_may_be_shown_of_the_last_four_final_quarters(session: Session, now: datetime) -> None:
    house = refuge(session)
    hidden = factories.service(session, status=ListingStatus.SUSPENDED)
    for quarter in ("2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q4"):
        for service_id in (house.id, hidden.id):
            figures = {"referrals_received": 58, "placements": 3}
            for measure, value in figures.items():
                session.add(
                    PerformanceFigure(service_id=service_id, period=quarter, measure=measure, value=Decimal(value))
                )
    session.flush()

    performance = bodies(build_entries(session, moment_at(now)), EntryKind.PERFORMANCE)

    assert {*performance} == {house.id}
    quarters = performance[house.id]["quarters"]
    assert {*quarters} == {"2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"}
    assert quarters["2026-Q2"]["referrals_received"]["imported"] == "58"
    assert quarters["2026-Q2"]["placements"]["imported"].startswith("hidden")
    assert {*quarters["2026-Q2"]["placements"]} == {"imported", "computed"}


def test_the_canonical_content_is_plain_json_by_code_point(session: Session, now: datetime) -> None:
    for number, name in (("b", "Straße 7 “ö” \u2028"), ("a-b", 'A "quoted"\nname'), ("a0", "\U0001f3e0")):
        refuge(session, units=0, id=number, name=name)
    made = draft(session, people(session).preparer, moment_at(now))

    content = b"".join(content_lines(session, made.id))

    assert hashlib.sha256(content).hexdigest() == made.content_hash == content_hash([content[:7], content[7:]])
    read = [json.loads(line) for line in content.decode().rstrip("\n").split("\n")]
    assert read[0] == {"format": "support-directory-edition/1"}
    services = [line for line in read[1:] if line["kind"] == "service"]
    assert [line["id"] for line in services] == ["a-b", "a0", "b"], "not as a language sorts"
    assert services[2]["body"]["name"] == "Straße 7 “ö” \u2028"
    written = [canonical(line) for line in read]
    assert content.decode() == "".join(f"{line}\n" for line in written), "each line is canonical as a whole"


def test_as_many_statements_for_few_as_for_many(session: Session, now: datetime) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", note)
        build_entries(session, moment_at(now))
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    refuge(session)
    few = statements()
    for _ in range(5):
        refuge(session, units=2)

    assert statements() == few < 40


@pytest.fixture(scope="module")
def both(databases: Databases) -> Iterator[list[Database]]:
    """A database of each kind."""
    with databases.filled("sqlite") as one, databases.filled("postgresql") as other:
        opened = [Database(url) for url in (one, other)]
        yield opened
        for database in opened:
            database.engine.dispose()


def test_the_same_catalogue_has_the_same_hash_on_both_databases(both: list[Database], now: datetime) -> None:
    contents, hashes = [], []
    for database in both:
        with database.new_session() as session:
            for folder in ("taxonomies", "demo"):
                assert import_folder(session, SEED_DATA / folder, now).applied
                session.commit()
            session.add(Programme(code="LDN-SAFE-2026", name="London", units=50, bedspaces=92, ringfenced_units=24))
            made = draft(session, people(session).preparer, moment_at(now))
            assert session.scalar(select(func.count()).select_from(PerformanceFigure))
            contents.append(b"".join(content_lines(session, made.id)).decode())
            hashes.append(made.content_hash)
            session.commit()

    kinds = {json.loads(line)["kind"] for line in contents[0].splitlines()[1:]}
    assert kinds == {kind.value for kind in EntryKind}, "something would not be compared"
    assert contents[0] == contents[1]
    assert hashes == [hashlib.sha256(content.encode()).hexdigest() for content in contents]
