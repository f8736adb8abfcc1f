"""Contracts for commissioners, and the history of a unit for them and for the provider's own staff."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.contracts import today
from directory.capacity.contracts.models import Programme
from directory.capacity.holds.models import UnitHoldCount
from directory.capacity.models import RingFence, Unit, UnitState
from tests import factories
from tests.capacity.test_utilisation import OCCUPIED, OPEN, at, lived
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
NEW, CODE = "/manage/contracts/new", "LDN-2"
ADDRESS = f"/manage/contracts/{CODE}"
FILLED = {
    "code": CODE,
    "name": "London two",
    "units": "2",
    "bedspaces": "8",
    "ringfenced_units": "1",
    "first_day": "1 April 2025",
    "last_day": "31 March 2028",
}
FIRST, UNTIL = date(2025, 4, 1), date(2028, 4, 1)


@pytest.fixture
def programme(session: Session) -> Programme:
    """Two units of eight bedspaces, one of them ring-fenced."""
    made = Programme(
        code=CODE, name="London two", units=2, bedspaces=8, ringfenced_units=1, active_from=FIRST, active_until=UNTIL
    )
    session.add(made)
    session.flush()
    return made


def room(session: Session, **values: Any) -> Unit:
    """A unit of that programme in Marigold House."""
    if "service_id" not in values:
        owner = factories.organisation(session, name="Marigold Women")
        values["service_id"] = factories.service(session, owner, name="Marigold House").id
    return factories.unit(session, programme=CODE, **{"active_from": FIRST, "active_until": UNTIL} | values)


def rooms(session: Session, ringfenced: int, others: int) -> list[Unit]:
    """Open units in one house, ring-fenced ones first."""
    first = room(session, name="Room 0", ringfence=RingFence.NRPF if ringfenced else RingFence.NONE)
    fences = ([RingFence.NRPF] * ringfenced + [RingFence.NONE] * others)[1:]
    more = [
        room(session, name=f"Room {number}", service_id=first.service_id, ringfence=fence)
        for number, fence in enumerate(fences, start=1)
    ]
    return [first, *more]


def said(client: PageClient, path: str) -> str:
    """What a response says, without what is another each time it is fetched."""
    text = client.get(path).get_data(as_text=True)
    return re.sub(r'(nonce|value)="[A-Za-z0-9_.-]{16,}"', "", text)


# Contracts.


def test_without_programmes_the_page_says_what_to_do(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    page = client.page("/manage/contracts")

    assert "No programme has been entered yet." in page.text
    assert page.link("Enter a programme") == NEW


def test_a_programme_is_entered_and_shown(client: PageClient, sign_in: SignIn, session: Session) -> None:
    sign_in("commissioner")
    room(session, name="Room 1")

    assert "1 unit, 4 bedspaces" in client.page("/manage/contracts").text
    page = client.submit(NEW, dict(FILLED))

    assert page.h1 == "London two"
    assert "London two is entered." in page.text
    assert "1 April 2025 to 31 March 2028" in page.text
    sums = [text_of(row) for row in page.all("tr")][1:4]
    assert sums == ["Units: 1 missing 2 1", "Bedspaces: 4 missing 8 4", "Ring-fenced units: 1 missing 1 0"]
    assert "Commissioners must act: 1" in page.text
    assert "Providers must act: 2" in page.text
    assert "Nobody" not in client.page("/manage/contracts").text


def test_a_programme_that_units_name_can_be_entered_from_there(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    sign_in("commissioner")
    room(session, name="Room 1")
    room(session, name="Room 2").programme = "Grant 7/8"
    session.flush()

    page = client.page("/manage/contracts")

    assert "No programme can have this code: correct the units." in page.text
    form = client.page(page.link(f"Enter this programme: {CODE}"))
    assert form.one("input", name="code").get("value") == CODE


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"code": "NRPF-1"}, "It tells for whom a unit is funded, and so of everybody who stays there"),
        ({"name": "Visa rooms"}, "It tells for whom a unit is funded, and so of everybody who stays there"),
        ({"units": "many"}, "Enter a whole number from 0 to 5,000"),
        ({"bedspaces": "1"}, "Each unit has a bedspace or more, so it must be 2 or more for 2 units"),
        ({"last_day": "soon"}, "Enter a date, such as 31 March 2028"),
        ({"last_day": "31/3/2025"}, "The contract must end after it begins, which is on 1 April 2025"),
        ({"code": "a\x07b"}, "It held characters that cannot be kept. They are gone: check it, and send it again"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    client: PageClient, sign_in: SignIn, session: Session, values: dict[str, str], error: str
) -> None:
    sign_in("commissioner")

    page = client.submit(NEW, FILLED | values, status=422)

    assert error in " ".join(page.field_errors())
    assert page.one("input", name="ringfenced_units").get("value") == "1"
    assert session.query(Programme).count() == 0


def test_two_people_at_once_do_not_overwrite_each_other_unseen(
    client: PageClient, sign_in: SignIn, session: Session, programme: Programme
) -> None:
    sign_in("commissioner")
    form = client.page(f"{ADDRESS}/edit")
    mine = form.form_values(form.one("form", form.one("main"))) | {"units": "3", "bedspaces": "12"}
    client.submit(f"{ADDRESS}/edit", {"name": "Theirs"})

    again = Page((response := client.post(f"{ADDRESS}/edit", data=mine)).text)

    assert response.status_code == 409
    assert "Somebody else changed this programme after you opened it" in again.text
    assert "What somebody else saved meanwhile Theirs" in again.text
    assert again.one("input", name="units").get("value") == "3"
    session.refresh(programme)
    assert (programme.name, programme.units) == ("Theirs", 2)
    # Having seen theirs, one saves one's own.
    assert (
        client.post(f"{ADDRESS}/edit", data=again.form_values(again.one("form", again.one("main")))).status_code == 303
    )
    session.refresh(programme)
    assert (programme.name, programme.units) == ("London two", 3)


def test_the_differences_as_a_file(client: PageClient, sign_in: SignIn, session: Session, programme: Programme) -> None:
    sign_in("commissioner")
    room(session, id="m-1", name="=2+3", confirmed_at=None)

    response = client.get(f"{ADDRESS}/differences")

    assert (response.status_code, response.mimetype) == (200, "text/csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="differences-LDN-2.csv"'
    rows = list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))
    assert rows[1] == ["LDN-2", "units", "2", "1", "", "", "", "", "", ""]
    assert rows[-1][:9] == [
        *("LDN-2", "not confirmed", "", "", "provider", "m-1", "'=2+3", "Marigold House", "Marigold Women")
    ]


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}/edit", f"{ADDRESS}/differences", "/manage/units/none"])
def test_what_is_not_there(client: PageClient, sign_in: SignIn, path: str) -> None:
    sign_in("commissioner")

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("role", ["officer", "advocate", "provider", "auditor", "administrator"])
def test_contracts_are_the_commissioners_alone(
    client: PageClient, sign_in: SignIn, session: Session, programme: Programme, role: str
) -> None:
    sign_in(role)
    unit = room(session)

    for path in ("/manage/contracts", NEW, ADDRESS, f"{ADDRESS}/differences", f"/manage/units/{unit.id}"):
        assert client.get(path).status_code == 403


# Holds on the commissioners' pages: firewall, rule 3.


def test_holds_are_told_of_a_whole_large_programme(
    client: PageClient, sign_in: SignIn, session: Session, programme: Programme
) -> None:
    sign_in("commissioner")
    units = rooms(session, 5, 6)
    factories.hold(session, units[0])

    page = client.page(ADDRESS)

    assert text_of(page.one("ul", id="today")) == "Open: 10 Held: 1 Occupied: 0 Closed: 0"
    # The unit itself, and every other, is open.
    items = [text_of(item) for item in page.all("li") if text_of(item).startswith("Room")]
    assert len([item for item in items if ": open ·" in item]) == 11
    assert "held" not in " ".join(items).casefold()


def pages_about(unit: Unit) -> tuple[str, ...]:
    """All that a commissioner is shown of contracts."""
    return "/manage/contracts", ADDRESS, f"{ADDRESS}/differences", f"/manage/units/{unit.id}"


@pytest.mark.parametrize(("ringfenced", "others"), [(1, 0), (4, 6), (6, 4)])
def test_in_a_small_programme_no_page_changes_with_a_hold(
    client: PageClient, sign_in: SignIn, session: Session, programme: Programme, ringfenced: int, others: int
) -> None:
    sign_in("commissioner")
    held = rooms(session, ringfenced, others)[0]
    before = [said(client, path) for path in pages_about(held)]
    assert f"Open, held or not: {ringfenced + others}" in before[1]

    factories.hold(session, held)
    session.add(UnitHoldCount(unit_id=held.id, day=date(2026, 11, 21), holds=2))
    session.flush()

    assert [said(client, path) for path in pages_about(held)] == before


def test_that_check_bites(
    client: PageClient,
    sign_in: SignIn,
    session: Session,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in("commissioner")
    held = rooms(session, 1, 0)[0]
    monkeypatch.setattr(today, "may_tell_held", lambda *_numbers: True)
    before = [said(client, path) for path in pages_about(held)]

    factories.hold(session, held)

    assert [said(client, path) for path in pages_about(held)] != before


# The history of a unit.


@pytest.fixture
def unit(session: Session) -> Unit:
    """A ring-fenced unit with a history since October."""
    made = room(session, name="Room 2", bedspaces=2, ringfence=RingFence.NRPF)
    began = datetime(2026, 10, 20, 8, tzinfo=UTC)
    lived(session, made, [(OPEN, began, at(3, 9)), (OCCUPIED, at(3, 9), at(20, 14)), (OPEN, at(20, 14), None)])
    session.add(UnitHoldCount(unit_id=made.id, day=date(2026, 11, 3), holds=2))
    session.flush()
    return made


def own_staff(sign_in: SignIn, session: Session, unit: Unit) -> str:
    """Somebody of the unit's own organisation signs in; returns where its history is."""
    owner = session.get_one(type(factories.service(session)), unit.service_id).organisation_id
    sign_in("provider", organisation_id=owner)
    return f"/provider/units/{unit.id}/history"


def test_its_own_staff_see_all_of_it(client: PageClient, sign_in: SignIn, session: Session, unit: Unit) -> None:
    page = client.page(own_staff(sign_in, session, unit))

    assert page.h1 == "History of Room 2"
    assert "Ring-fenced: yes" in page.text
    assert "Occupied from 3 November 2026 at 9am to 20 November 2026 at 2pm: 17 days" in page.text
    assert "Open since 20 November 2026 at 2pm: 36 hours so far" in page.text
    assert "3 November 2026: 2 holds" in page.text
    assert "Bedspace-nights in November 2026 so far: 34 occupied, 8 empty, 0 closed." in page.text
    assert [text_of(row) for row in page.all("tr")][2] == "November 2026 so far 34 occupied (81%) 8 empty 0 closed"
    assert [text_of(option) for option in page.all("option")] == ["November 2026", "October 2026"]


def test_a_month_can_be_chosen(client: PageClient, sign_in: SignIn, session: Session, unit: Unit) -> None:
    path = own_staff(sign_in, session, unit)

    page = client.submit(path, {"month": "2026-10"})

    assert "The history begins on 20 October 2026. What the unit was before is not known." in page.text
    assert "Open from 20 October 2026 at 9am to 3 November 2026 at 9am: 14 days" in page.text
    assert "24 empty, 0 closed, 38 not known" in page.text
    assert "Holds that began in October 2026 None." in page.text
    assert client.get(f"{path}?month=2026-03").status_code == 200


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "26-11", "november", "1999-01", "2026-11-01"])
def test_a_month_that_is_none(client: PageClient, sign_in: SignIn, session: Session, unit: Unit, month: str) -> None:
    assert client.get(f"{own_staff(sign_in, session, unit)}?month={month}").status_code == 404


def test_commissioners_see_it_in_days_and_without_holds(
    client: PageClient, sign_in: SignIn, session: Session, programme: Programme, unit: Unit
) -> None:
    sign_in("commissioner")

    page = client.page(f"/manage/units/{unit.id}")

    assert "Ring-fenced Yes" in page.text
    assert "Occupied from 3 November 2026 to 20 November 2026: 17 days" in page.text
    assert "Open since 20 November 2026: 2 days so far" in page.text
    assert "hold" not in page.text.casefold()
    assert not re.search(r"[0-9](am|pm)|midday|midnight [^o]", page.text.replace("at midnight", ""))
    assert page.link("Back to the programme") == ADDRESS
    assert client.get(page.link("Edit the unit’s dates, programme or ring-fence")).status_code == 200


def test_the_bar_is_a_picture_with_a_name(client: PageClient, sign_in: SignIn, session: Session, unit: Unit) -> None:
    page = client.page(own_staff(sign_in, session, unit))

    assert 'role="img" aria-labelledby="bar-title bar-text"' in page.html
    assert '<title id="bar-title">November 2026 at a glance</title>' in page.html
    # Solid, dotted, striped: not by colour alone; and nothing is drawn where the month is yet to come.
    pieces = re.findall(r'<rect x="(\d+)" width="(\d+)" height="40" fill="([^"]+)"', page.html)
    assert pieces == [("0", "79", "url(#bar-open)"), ("79", "574", "#0b5c6b"), ("653", "50", "url(#bar-open)")]


def test_a_unit_of_which_nothing_is_recorded(client: PageClient, sign_in: SignIn, session: Session) -> None:
    sign_in("commissioner")
    unit = lived(session, factories.unit(session), [])

    page = client.page(f"/manage/units/{unit.id}")

    assert "Nothing has been recorded of this unit yet." in page.text
    assert "no night has been counted yet" in page.text


def test_a_unit_that_has_left_says_so(client: PageClient, sign_in: SignIn, session: Session, now: datetime) -> None:
    sign_in("commissioner")
    unit = factories.unit(session, removed_at=now - timedelta(days=3), state=UnitState.CLOSED)

    assert "No longer in the catalogue since 19 November 2026." in client.page(f"/manage/units/{unit.id}").text


def test_another_organisations_staff_do_not_find_it(
    client: PageClient, sign_in: SignIn, session: Session, unit: Unit
) -> None:
    sign_in("provider")

    assert client.get(f"/provider/units/{unit.id}/history").status_code == 404
    assert client.get("/provider/units/none/history").status_code == 404


@pytest.mark.parametrize("role", ["officer", "advocate", "commissioner", "auditor", "administrator"])
def test_the_providers_page_is_the_providers(
    client: PageClient, sign_in: SignIn, session: Session, unit: Unit, role: str
) -> None:
    sign_in(role)

    assert client.get(f"/provider/units/{unit.id}/history").status_code == 403
