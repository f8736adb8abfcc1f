"""What changed between two editions, in plain words; held to a plain way of finding it."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.catalogue.models import ServiceLanguage
from directory.catalogue.vocabulary import AcceptsNrpf, ListingStatus, LocationDisclosure, ServiceKind
from directory.publishing.editions.difference import difference, differences
from directory.publishing.editions.facts import ChangeSort, EditionChange, Entry
from directory.publishing.editions.naming import Names
from directory.publishing.editions.vocabulary import EntryKind
from tests import factories
from tests.publishing.editions.world import people, published_edition, refuge

NAMES = Names(
    needs={"housing": "Housing", "forced-marriage": "Forced marriage"},
    communities={"deaf": "Deaf people"},
    boroughs={"E09000012": "Hackney", "E09000009": "Ealing"},
)
BODY: dict[str, Any] = {
    "id": "rose-house",
    "organisation_id": "rose",
    "organisation_name": "Rose",
    "by_and_for": True,
    "name": "Rose House",
    "kind": "refuge",
    "description": "",
    "needs": ["housing"],
    "communities": [],
    "languages": ["en"],
    "genders": ["woman"],
    "min_age": None,
    "max_age": None,
    "accepts_nrpf": None,
    "areas": [],
    "location_disclosure": "secret",
    "postcode": None,
    "borough": "E09000012",
    "access_features": [],
    "hours": "",
    "phone": "020 7946 0001",
    "website": "",
    "response_target_minutes": 60,
    "verified_on": "2026-10-01",
    "units": 3,
    "bedspaces": 7,
}
PROGRAMME: dict[str, Any] = {
    "code": "LDN",
    "name": "London",
    "units": 50,
    "bedspaces": 92,
    "ringfenced_units": 24,
    "live_units": 48,
    "live_bedspaces": 90,
}


def service(**values: Any) -> Entry:
    return Entry(EntryKind.SERVICE, BODY["id"], BODY | values)


def between(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[ChangeSort, tuple[str, ...]]]:
    return [(change.sort, change.words) for change in differences([service(**old)], [service(**new)], NAMES)]


def words(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [sentence for _, sentences in between(old, new) for sentence in sentences]


def test_field_by_field() -> None:
    assert words({}, {"phone": "020 7946 0002"}) == ["Phone is 020 7946 0002; it was 020 7946 0001."]
    assert words({}, {"phone": ""}) == ["There is no phone any more; it was 020 7946 0001."]
    assert words({}, {"hours": "24/7"}) == ["Opening hours are 24/7; there were none."]
    assert words({"hours": "24/7"}, {"hours": ""}) == ["There are no opening hours any more; they were 24/7."]
    assert words({}, {"borough": "E09000009"}) == ["Borough is Ealing; it was Hackney."]
    assert words({}, {"kind": "sexual_violence"}) == ["Kind is Sexual violence support; it was Refuge."]
    assert words({}, {"min_age": 16}) == ["Lowest age is 16; there was none."]
    assert words({"min_age": 0}, {"min_age": 16}) == ["Lowest age is 16; it was 0."]
    assert words({}, {"response_target_minutes": 1440}) == ["Target for an answer is 1 day; it was 1 hour."]
    assert words({}, {"description": "Other words."}) == ["The description was rewritten."]
    assert words({}, {"needs": ["forced-marriage", "nobody-knows"]}) == [
        "Needs: now also Forced marriage, nobody-knows; no longer Housing."
    ]
    assert words({}, {"languages": ["en", "so"]}) == ["Languages: now also Somali."]
    assert words({}, {"areas": ["london", "E09000012"]}) == ["Areas: now also All of London, Hackney."]
    assert words({}, {"genders": []}) == ["For: no longer Woman."]
    assert words({}, {"accepts_nrpf": "if_funded"}) == [
        "People without public funds are taken where somebody pays; before, it is not known whether people without "
        "public funds are taken."
    ]
    assert words({}, {"location_disclosure": "borough"}) == [
        "Its borough is told and no more; before, its location is secret."
    ]
    assert words({}, {"organisation_id": "lily", "organisation_name": "Lily"}) == [
        "It belongs to Lily; it belonged to Rose."
    ]


def test_what_is_no_change_of_the_listing() -> None:
    """Confirmations come every month; and an organisation's own name is told once, with the organisation."""
    assert words({}, {"verified_on": "2026-11-01", "organisation_name": "Rose Trust", "by_and_for": False}) == []


def test_capacity_up_and_down() -> None:
    up, down = ChangeSort.CAPACITY_UP, ChangeSort.CAPACITY_DOWN
    assert between({}, {"units": 4, "bedspaces": 9}) == [(up, ("4 units with 9 bedspaces; there were 3 with 7.",))]
    assert between({"units": 1, "bedspaces": 1}, {}) == [(up, ("3 units with 7 bedspaces; there was 1 with 1.",))]
    assert between({}, {"units": 4}) == [(up, ("4 units with 7 bedspaces; there were 3 with 7.",))]
    assert between({}, {"units": 4, "bedspaces": 6}) == [(down, ("4 units with 6 bedspaces; there were 3 with 7.",))]
    assert between({}, {"units": 0, "bedspaces": 0}) == [
        (down, ("No units any more; there were 3 units with 7 bedspaces.",))
    ]
    assert between({"units": 0, "bedspaces": 0}, {"units": 1, "bedspaces": 1}) == [
        (up, ("1 unit with 1 bedspace; there were none.",))
    ]
    assert between({}, {"phone": "", "bedspaces": 8}) == [
        (ChangeSort.CHANGED, ("There is no phone any more; it was 020 7946 0001.",)),
        (up, ("3 units with 8 bedspaces; there were 3 with 7.",)),
    ]


def test_programmes_say_nothing_of_ring_fences() -> None:
    def change(**values: Any) -> list[tuple[ChangeSort, tuple[str, ...]]]:
        old = Entry(EntryKind.PROGRAMME, "LDN", PROGRAMME)
        new = Entry(EntryKind.PROGRAMME, "LDN", PROGRAMME | values)
        return [(one.sort, one.words) for one in differences([old], [new], NAMES)]

    assert change(ringfenced_units=None) == []
    assert change(units=51, bedspaces=94) == [
        (ChangeSort.CHANGED, ("Commissioned: 51 units with 94 bedspaces; there were 50 with 92.",))
    ]
    assert change(live_units=49) == [(ChangeSort.CAPACITY_UP, ("49 units with 90 bedspaces; there were 48 with 90.",))]


def test_figures_that_were_said_otherwise_before() -> None:
    def figures(quarters: dict[str, str]) -> Entry:
        said = {quarter: {"placements": {"imported": text}} for quarter, text in quarters.items()}
        return Entry(EntryKind.PERFORMANCE, "rose-house", {"service_id": "rose-house", "quarters": said})

    old, new = figures({"2026-Q1": "8", "2026-Q2": "9"}), figures({"2026-Q2": "10", "2026-Q3": "11"})
    found = differences([old, service()], [new, service()], NAMES)
    assert [(one.name, one.words) for one in found] == [("Rose House", ("Its figures of 2026-Q2 were restated.",))]
    assert differences([], [new], NAMES) == (), "figures come with every quarter"


def test_between_published_editions(session: Session, now: datetime) -> None:
    who = people(session)
    house, leaving = refuge(session, units=3, name="Rose House"), refuge(session, name="Lily House")
    advice = factories.service(session, kind=ServiceKind.LEGAL_ADVICE, name="Advice")
    first = published_edition(session, who, now)
    assert {change.sort for change in difference(session, first.id).changes} == {ChangeSort.NEW}
    assert difference(session, first.id).from_number is None

    factories.unit(session, house, bedspaces=2)
    leaving.status = ListingStatus.WITHDRAWN
    advice.accepts_nrpf = AcceptsNrpf.YES
    session.add(ServiceLanguage(service_id=advice.id, language="bn"))
    refuge(session, name="Fern House", location_disclosure=LocationDisclosure.SECRET)
    second = published_edition(session, who, now + timedelta(days=30))
    found = difference(session, second.id)

    assert found.from_number == 1
    services = {(one.sort, one.name): one.words for one in found.changes if one.kind is EntryKind.SERVICE}
    owner = leaving.organisation.name
    assert services == {
        (ChangeSort.NEW, "Fern House"): services[ChangeSort.NEW, "Fern House"],
        (ChangeSort.CHANGED, "Advice"): (
            "People without public funds are taken; before, people without public funds are not taken.",
            "Languages: now also Bangla.",
        ),
        (ChangeSort.WITHDRAWN, "Lily House"): (f"Refuge, {owner}: 1 unit with 4 bedspaces.",),
        (ChangeSort.CAPACITY_UP, "Rose House"): ("4 units with 14 bedspaces; there were 3 with 12.",),
    }
    assert [one.name for one in found.of(ChangeSort.NEW) if one.kind is EntryKind.SERVICE] == ["Fern House"]


_bodies = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Rose House", "Lily House"]),
        "phone": st.sampled_from(["", "020 7946 0001"]),
        "needs": st.sets(st.sampled_from(["housing", "forced-marriage"])).map(sorted),
        "units": st.sampled_from([None, 0, 1, 2]),
        "bedspaces": st.sampled_from([None, 0, 1, 2]),
        "verified_on": st.sampled_from([None, "2026-11-01"]),
    }
)
_editions = st.dictionaries(st.sampled_from(["a", "b", "c"]), _bodies)


def plainly(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> set[tuple[str, str]]:
    """The sorts of change of each service, found one by one."""
    found = set()
    for one in {*old, *new}:
        if one not in old:
            found.add((one, "new"))
        elif one not in new:
            found.add((one, "withdrawn"))
        else:
            if any(old[one][key] != new[one][key] for key in ("name", "phone", "needs")):
                found.add((one, "changed"))
            was, is_ = ((body["bedspaces"] or 0, body["units"] or 0) for body in (old[one], new[one]))
            if was != is_:
                found.add((one, "capacity_up" if is_ > was else "capacity_down"))
    return found


@settings(max_examples=60, deadline=None)
@given(_editions, _editions)
def test_against_a_plain_way(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> None:
    def entries(bodies: dict[str, dict[str, Any]]) -> list[Entry]:
        return [Entry(EntryKind.SERVICE, one, BODY | {"id": one} | body) for one, body in bodies.items()]

    found: tuple[EditionChange, ...] = differences(entries(old), entries(new), NAMES)

    assert {(one.id, one.sort.value) for one in found} == plainly(old, new)
    assert len(found) == len(plainly(old, new)), "each sort of change is told once"
    assert all(sentence.endswith(".") for one in found for sentence in one.words)
    assert list(found) == sorted(found, key=lambda one: list(ChangeSort).index(one.sort))
