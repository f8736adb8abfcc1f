"""Odd headers find their column, and what people write in cells becomes what the catalogue's files write."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from directory.catalogue.versions.models import ListingKind
from directory.common.errors import InvalidInputError
from directory.editing.bulk.columns import check_columns, normalise, remember, suggest
from directory.editing.bulk.sheet import Sheet, SheetRow
from directory.editing.bulk.synonyms import SYNONYMS
from directory.editing.bulk.values import convert
from directory.editing.bulk.vocabulary import Vocabulary, read_vocabulary
from directory.editing.columns import label_of
from tests import factories

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def sheet(*headers: str) -> Sheet:
    return Sheet(headers, tuple("ABCDEFGHIJ"[: len(headers)]), (SheetRow(2, ("x",) * len(headers)),))


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        (ListingKind.ORGANISATION, "charity_number", "charity_number"),
        (ListingKind.ORGANISATION, "Phone no.", "phone"),
        (ListingKind.ORGANISATION, "TELEPHONE", "phone"),
        (ListingKind.ORGANISATION, "Org name", "name"),
        (ListingKind.ORGANISATION, "Organisation", "name"),
        (ListingKind.ORGANISATION, " By & for? ", "by_and_for"),
        (ListingKind.ORGANISATION, "Charity numbr", "charity_number"),
        (ListingKind.SERVICE, "Organisation", "organisation_id"),
        (ListingKind.SERVICE, "NRPF?", "accepts_nrpf"),
        (ListingKind.SERVICE, "Languages spoken", "languages"),
        (ListingKind.SERVICE, "Borough", "borough"),
        (ListingKind.UNIT, "No. of beds", "bedspaces"),
        (ListingKind.UNIT, "Refuge", "service_id"),
        (ListingKind.UNIT, "Ring-fenced", "ringfence"),
        (ListingKind.UNIT, "End date", ""),
        (ListingKind.UNIT, "Shoe size", ""),
        (ListingKind.UNIT, "", ""),
    ],
)
def test_a_header_finds_its_column(session: Session, kind: ListingKind, header: str, column: str) -> None:
    assert suggest(session, kind, sheet(header)) == (column,)


def test_each_column_is_suggested_once_and_the_surest_gets_it(session: Session) -> None:
    found = suggest(session, ListingKind.ORGANISATION, sheet("Telephone", "phone", "Tel", "Organisation", "Name"))

    assert found == ("", "phone", "", "", "name")


def test_what_somebody_chose_goes_before_what_is_usual(session: Session, now: datetime) -> None:
    one = sheet("Link", "Reference")
    remember(session, ListingKind.ORGANISATION, one, ("source", "id"), now)

    assert suggest(session, ListingKind.ORGANISATION, sheet("LINK:", "reference")) == ("source", "id")
    assert suggest(session, ListingKind.SERVICE, sheet("Reference")) == ("",)
    remember(session, ListingKind.ORGANISATION, one, ("", "id"), now)
    assert suggest(session, ListingKind.ORGANISATION, sheet("Link")) == ("",)


def test_no_header_is_two_columns_of_one_kind() -> None:
    for kind, columns in SYNONYMS.items():
        for column, headers in columns.items():
            assert len({normalise(header) for header in headers}) == len(headers), f"{kind}: {column}"
            others = {normalise(label_of(kind, other)) for other in columns if other != column}
            assert not others & {normalise(header) for header in headers} - {normalise(label_of(kind, column))}


def test_a_choice_of_columns_that_cannot_be_used_is_refused() -> None:
    for columns in (("", ""), ("phone", "email"), ("id", ""), ("id", "nothing"), ("id", "id")):
        with pytest.raises(InvalidInputError):
            check_columns(ListingKind.ORGANISATION, sheet("A", "B"), columns)
    check_columns(ListingKind.ORGANISATION, sheet("A", "B"), ("name", "phone"))


@pytest.fixture
def vocabulary(session: Session) -> Vocabulary:
    factories.taxonomies(session)
    factories.organisation(session, id="rose", name="Rose House")
    return read_vocabulary(session)


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("borough", "Ealing", "E09000009"),
        ("borough", "london borough of HACKNEY", "E09000012"),
        ("borough", "LB Hackney", "E09000012"),
        ("borough", "Hackney Council", "E09000012"),
        ("borough", "E09000009", "E09000009"),
        ("borough", "Atlantis", "Atlantis"),
        ("kind", "Refuge", "refuge"),
        ("kind", "Children & young people", "children_and_young_people"),
        ("kind", "Immigration Advice", "immigration_advice"),
        ("status", "In review", "in_review"),
        ("by_and_for", "Y", "yes"),
        ("by_and_for", "TRUE", "yes"),
        ("by_and_for", "No ", "no"),
        ("by_and_for", "maybe", "maybe"),
        ("accepts_nrpf", "Only if funded", "if_funded"),
        ("languages", "Punjabi, Urdu / English", "pa;ur;en"),
        ("languages", "BSL", "bfi"),
        ("languages", "• Punjabi\n• Somali", "pa;so"),
        ("languages", "Klingonese", "Klingonese"),
        ("needs", "Domestic abuse; Housing and safe accommodation", "domestic-abuse;housing"),
        ("needs", "domestic-abuse", "domestic-abuse"),
        ("access_features", "Step-free entrance, hearing loop", "step-free;hearing-loop"),
        ("areas", "Ealing, Hackney", "E09000009;E09000012"),
        ("areas", "Pan-London", "london"),
        ("not_from", "Hackney;Hackney", "E09000012"),
        ("genders", "Women and men", "woman;man"),
        ("genders", "All genders", "woman;man;non_binary"),
        ("genders", "Female", "woman"),
        ("organisation_id", "Rose House", "rose"),
        ("organisation_id", "rose", "rose"),
        ("ringfence", "NRPF", "nrpf"),
        ("ringfence", "yes", "yes"),
        ("state", "Vacant", "open"),
        ("verified_on", "01/04/2026", "2026-04-01"),
        ("verified_on", "13.4.26", "2026-04-13"),
        ("verified_on", "1st April 2026", "2026-04-01"),
        ("verified_on", "01-Apr-2026", "2026-04-01"),
        ("verified_on", "2026-04-01 00:00:00", "2026-04-01"),
        ("verified_on", "2026-04-01", "2026-04-01"),
        ("verified_on", "31/02/2026", "31/02/2026"),
        ("verified_on", "04/13/2026", "04/13/2026"),
        ("confirmed_at", "01/04/2026 14:30", "2026-04-01T14:30"),
        ("confirmed_at", "-PT2H", "2026-11-22T00:00:00Z"),
        ("confirmed_at", "2026-04-01T13:30:00Z", "2026-04-01T13:30:00Z"),
        ("bedspaces", "3.0", "3"),
        ("bedspaces", "three", "three"),
        ("response_target_minutes", "2 hours", "120"),
        ("response_target_minutes", "1,440", "1440"),
        ("phone", "020 7946 0001", "020 7946 0001"),
        ("phone", "2079460001", "2079460001"),
        ("website", "www.example.org", "https://www.example.org"),
        ("email", "mailto:info@example.org", "info@example.org"),
        ("hours", "24 hours a day", "24/7"),
        ("name", "= Rose", "= Rose"),
        ("description", "Yes", "Yes"),
    ],
)
def test_a_cell_becomes_what_files_write(vocabulary: Vocabulary, column: str, text: str, expected: str) -> None:
    assert convert(column, text, vocabulary, AT).text == expected


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("verified_on", "03/04/2026", True),
        ("verified_on", "13/04/2026", False),
        ("verified_on", "04/04/2026", False),
        ("verified_on", "3 April 2026", False),
        ("phone", "2079460001", True),
        ("phone", "020 7946 0001", False),
        ("website", "www.example.org", True),
        ("response_target_minutes", "2 hours", True),
    ],
)
def test_what_had_to_be_assumed_is_told(vocabulary: Vocabulary, column: str, text: str, told: bool) -> None:
    assert bool(convert(column, text, vocabulary, AT).notice) is told
