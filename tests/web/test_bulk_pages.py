"""Spreadsheets in the browser: upload, columns, what would change, apply with progress, undo, take out."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from html import unescape

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from directory.accounts.models import User
from directory.audit.models import AuditEntry
from directory.capacity.models import Unit
from directory.catalogue.models import Organisation
from directory.catalogue.versions.models import CatalogueChange, ChangeKind
from directory.editing.bulk.sheet import MAX_BYTES
from directory.editing.models import StagedSheet
from tests import factories
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

Table = Sequence[Sequence[str]]


@pytest.fixture(autouse=True)
def commissioner(sign_in: Callable[..., User]) -> User:
    """Everything here is a commissioner's."""
    return sign_in("commissioner")


def as_csv(rows: Table) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def upload(client: PageClient, rows: Table | bytes, kind: str = "organisations", status: int = 200) -> Page:
    """Send a file as the form does; the page that comes."""
    page = client.page("/manage/bulk")
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    token = page.form_values(page.all("form", page.one("main"))[0])["csrf_token"][0]
    # Given as it is, the test's client would write a large file to the disk and leave it open.
    boundary, body = encode_multipart(
        {"csrf_token": token, "kind": kind, "file": FileStorage(io.BytesIO(content), "a file.csv")}
    )
    sent_as = f"multipart/form-data; boundary={boundary}"
    answer = client.post("/manage/bulk", data=body, content_type=sent_as, follow_redirects=True)
    assert answer.status_code == status
    page = Page(answer.get_data(as_text=True))
    page.path = answer.request.path  # type: ignore[attr-defined]
    return page


def check(client: PageClient, rows: Table, kind: str = "organisations") -> str:
    """Upload, take the columns as suggested; the address of the rows that were checked."""
    columns = upload(client, rows, kind)
    path: str = columns.path  # type: ignore[attr-defined]
    client.submit(path, {})
    return path.removesuffix("/columns")


def apply(client: PageClient, path: str, **ticked: list[str]) -> str:
    """Press the button on the page of rows as it stands; the text that is sent piece by piece."""
    page = client.page(path)
    form = page.one("form", id="rows")
    values = page.form_values(form) | ticked
    answer = client.post(f"{path}/apply", data=values)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def choose(client: PageClient, path: str, **sent: str | list[str]) -> Page:
    page = client.page(path)
    values = page.form_values(page.one("form", id="rows"))
    answer = client.post(f"{path.partition('?')[0]}/choose", data=values | sent, follow_redirects=True)
    assert answer.status_code == 200
    return Page(answer.get_data(as_text=True))


def boxes(page: Page) -> dict[str, bool]:
    """The rows with a box, and whether it is ticked."""
    return {box.get("value", ""): "checked" in box.attrib for box in page.all("input", name="row")}


def test_a_sheet_is_uploaded_matched_checked_applied_and_undone(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House", phone="020 7946 0001")

    columns = upload(
        client, [["List of 2026"], ["ID", "Org name", "Phone no."], ["rose", "Rose House", "020 7946 0002"]]
    )

    assert columns.h1 == "What are the columns?"
    assert "020 7946 0002" in columns.text
    path: str = columns.path  # type: ignore[attr-defined]
    rows = client.submit(path, {})
    assert rows.h1 == "What the file would change"
    assert [text_of(one) for one in rows.all("del")] == ["020 7946 0001"]
    assert [text_of(one) for one in rows.all("ins")] == ["020 7946 0002"]
    path = path.removesuffix("/columns")
    assert "Done: 1 row applied, 0 of them new." in apply(client, path)
    session.expire_all()
    assert session.get_one(Organisation, "rose").phone == "020 7946 0002"

    result = client.page(path)
    assert result.h1 == "What the upload changed"
    undo = next(form.get("action", "") for form in result.all("form", result.one("main")))
    after = client.submit(f"{path}/result", {}, form=undo)
    assert "The change was taken back" in after.text
    session.expire_all()
    assert session.get_one(Organisation, "rose").phone == "020 7946 0001"


def test_the_page_tells_its_progress_before_it_ends(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House")
    path = check(client, [["id", "phone"], ["rose", "020 7946 0002"]])
    page = client.page(path)

    answer = client.post(f"{path}/apply", data=page.form_values(page.one("form", id="rows")), buffered=False)
    pieces = [piece.decode() for piece in answer.response]

    assert "<progress" not in pieces[0]
    assert "Applying your file" in pieces[0]
    bars = [re.search(r'max="(\d+)" value="(\d+)"', piece) for piece in pieces[1:-2]]
    shown = [int(bar[2]) for bar in bars if bar]
    assert shown == sorted(shown)
    assert len(shown) >= 5
    assert "See what was changed" in pieces[-2]
    assert "</html>" in pieces[-1]


def test_pressed_twice_it_is_applied_once(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House")
    path = check(client, [["id", "phone"], ["rose", "020 7946 0002"]])
    values = client.page(path).form_values(client.page(path).one("form", id="rows"))

    client.post(f"{path}/apply", data=values)
    second = client.post(f"{path}/apply", data=values)

    assert second.status_code == 303
    assert second.headers["Location"] == f"{path}/result"
    uploads = select(func.count(CatalogueChange.id)).where(CatalogueChange.kind == ChangeKind.UPLOAD)
    assert session.scalar(uploads) == 1


def test_a_row_that_does_something_else_by_now_is_shown_again(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House", phone="020 7946 0001")
    factories.organisation(session, id="iris", name="Iris", phone="020 7946 0001")
    path = check(client, [["id", "phone"], ["rose", "020 7946 0002"], ["iris", "020 7946 0002"]])
    session.get_one(Organisation, "rose").phone = "020 7946 0009"
    session.commit()

    said = apply(client, path)

    assert "Nothing was changed." in said
    session.expire_all()
    assert session.get_one(Organisation, "iris").phone == "020 7946 0001"
    again = client.page(path)
    assert "this is what the row would do now" in again.text
    assert boxes(again) == {"2": False, "3": True}
    assert [text_of(one) for one in again.all("del")] == ["020 7946 0009", "020 7946 0001"]
    assert "Done: 1 row applied" in apply(client, path)


def test_what_nobody_expected_ends_with_a_sentence_and_nothing_written(
    app: Flask, client: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.organisation(session, id="rose", name="Rose House", phone="020 7946 0001")
    path = check(client, [["id", "phone"], ["rose", "020 7946 0002"]])

    def fall_over(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("directory.editing.bulk.applying.outdated_rows", fall_over)
    said = apply(client, path)

    assert "Something went wrong that nobody expected. Nothing was changed." in said
    session.expire_all()
    assert session.get_one(Organisation, "rose").phone == "020 7946 0001"
    assert client.page(path).h1 == "What the file would change"


def test_errors_are_told_by_cell_and_do_not_stand_in_the_way_of_others(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House")
    factories.organisation(session, id="iris", name="Iris")
    path = check(
        client,
        [["id", "name", "Phone no."], ["rose", "Rose House", "ask at the desk"], ["iris", "Iris", "020 7946 0002"]],
    )

    page = client.page(path)

    assert "C2 “Phone no.”, “ask at the desk”: A phone number has digits" in page.text
    assert boxes(page) == {"3": True}
    apply(client, path)
    session.expire_all()
    assert session.get_one(Organisation, "iris").phone == "020 7946 0002"


def test_a_row_with_errors_cannot_be_smuggled_in(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House", phone="020 7946 0001")
    path = check(client, [["id", "phone", "status"], ["rose", "020 7946 0002", "gone"]])

    answer = client.post(
        f"{path}/apply",
        data={"csrf_token": client.page(path).form_values(client.page(path).one("form", id="rows"))["csrf_token"]}
        | {"shown": ["2"], "row": ["2"]},
    )

    assert "No row is chosen" in answer.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Organisation, "rose").phone == "020 7946 0001"


def test_rows_are_chosen_across_pages(client: PageClient, session: Session) -> None:
    for number in range(60):
        factories.organisation(session, id=f"org-{number:02}", name=f"Organisation of number {number}")
    path = check(client, [["id", "phone"], *([f"org-{number:02}", "020 7946 0002"] for number in range(60))])

    first = client.page(path)
    assert len(boxes(first)) == 50
    second = choose(client, path, row=["2", "3"], go="all.2")
    assert "12 of 60 rows chosen" in second.text
    assert all(boxes(second).values())
    assert "12 of 60" in choose(client, f"{path}?page=2").text
    assert "60 of 60" in choose(client, path, do="all").text
    assert "0 of 60" in choose(client, path, do="none").text
    assert "1 of 60" in choose(client, path, row=["4"]).text
    assert "Done: 1 row applied" in apply(client, path)
    session.expire_all()
    changed = select(Organisation.id).where(Organisation.phone == "020 7946 0002")
    assert session.scalars(changed).all() == ["org-02"]


def test_only_errors_are_shown_where_only_they_are_asked_for(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House")
    path = check(client, [["id", "phone"], ["rose", "020 7946 0002"], ["iris", "020 7946 0003"]])

    assert boxes(client.page(f"{path}?show=errors")) == {}
    assert "Row 3" in client.page(f"{path}?show=errors").text
    assert "Row 3" not in client.page(f"{path}?show=changed").text


def test_thousands_of_rows_stay_below_a_megabyte(client: PageClient, session: Session) -> None:
    long = "A word after the other. " * 45
    rows = [[f"new-{number}", f"New {number}", "no", long, f"gone {long}"] for number in range(3000)]
    path = check(client, [["id", "name", "by_and_for", "description", "status"], *rows])

    answer = client.get(path)

    assert "3,000" in answer.get_data(as_text=True)
    assert len(answer.data) < 1_000_000


def test_columns_that_cannot_be_used_are_explained(client: PageClient, session: Session) -> None:
    columns = upload(client, [["Title", "Phone"], ["Rose House", "020 7946 0002"]])
    path: str = columns.path  # type: ignore[attr-defined]

    page = client.submit(path, {"column-0": "phone", "column-1": "phone"}, status=422)

    assert any("is column A already" in error for error in page.field_errors())
    assert any("Say which column holds the id or the name" in error for error in page.field_errors())


def test_what_a_column_is_is_remembered(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House")
    sheet = [["Which one", "Ring them on"], ["rose", "020 7946 0002"]]
    first: str = upload(client, sheet).path  # type: ignore[attr-defined]
    client.submit(first, {"column-0": "id", "column-1": "phone"})

    page = upload(client, sheet)

    assert page.form_values(page.one("form", page.one("main")))["column-1"] == ["phone"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (bytes(range(256)) * 4, "neither a spreadsheet"),
        (b"PK\x03\x04 nothing", "damaged"),
        (b'id,name\nrose,"never closed', "quotation marks"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_kindly(client: PageClient, content: bytes, said: str) -> None:
    page = upload(client, content, status=422)

    assert any(said in error for error in page.field_errors())


def test_a_file_that_is_too_large_is_refused_kindly(client: PageClient) -> None:
    assert any(
        "larger than 10 MB" in error for error in upload(client, b"x" * (MAX_BYTES + 1), status=422).field_errors()
    )
    far_more = upload(client, b"x" * (MAX_BYTES + 200_000), status=413)
    assert any("larger than 10 MB" in error for error in far_more.field_errors())


def test_nothing_chosen_is_said(client: PageClient) -> None:
    page = client.submit("/manage/bulk", {}, status=422)

    assert page.field_errors() == ["Say whether its rows are organisations, services or units", "Choose a file"]


def test_nobody_else_opens_an_upload(client: PageClient, session: Session, sign_in: Callable[..., User]) -> None:
    path = check(client, [["id", "name", "by_and_for"], ["rose", "Rose House", "no"]])
    client.post("/sign-out", data={"csrf_token": _token(client)})
    client.signed_in = False
    sign_in("commissioner")

    for address in (path, f"{path}/columns", f"{path}/result"):
        assert client.get(address).status_code == 404


def _token(client: PageClient) -> str:
    return client.page("/manage/bulk").all("input", name="csrf_token")[0].get("value", "")


@pytest.mark.parametrize("role", ["officer", "provider", "auditor", "administrator", "advocate"])
def test_nobody_else_comes_here(client: PageClient, sign_in: Callable[..., User], role: str) -> None:
    client.post("/sign-out", data={"csrf_token": _token(client)})
    sign_in(role)

    for address in ("/manage/bulk", "/manage/changes", "/manage/bulk/export/units/csv"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("kind", ["organisations", "services", "units"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_is_taken_out_and_that_is_recorded(client: PageClient, session: Session, kind: str, form: str) -> None:
    factories.unit(session)

    answer = client.get(f"/manage/bulk/export/{kind}/{form}")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{kind}-2026-11-22.{form}"'
    if form == "xlsx":
        rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    else:
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 2
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry is not None
    assert entry.event == "catalogue_exported"


def test_an_unknown_file_is_not_there(client: PageClient) -> None:
    for address in ("/manage/bulk/export/people/csv", "/manage/bulk/export/units/pdf"):
        assert client.get(address).status_code == 404


def test_changes_say_what_they_did_and_a_conflict_is_explained(client: PageClient, session: Session) -> None:
    unit = factories.unit(session, bedspaces=2)
    path = check(client, [["id", "bedspaces"], [unit.id, "3"]], "units")
    apply(client, path)
    changes = client.page("/manage/changes")
    address = next(link.get("href", "") for link in changes.all("a") if "/manage/changes/" in link.get("href", ""))
    assert "Spreadsheet" in changes.text
    assert "1 listing or unit, by Commissioner" in changes.text
    change = client.page(address)
    assert [text_of(one) for one in change.all("ins")] == ["3"]
    apply(client, check(client, [["id", "bedspaces"], [unit.id, "4"]], "units"))

    page = client.submit(address, {}, form=f"{address}/undo", status=409)

    assert "What stands in the way" in page.text
    assert "changed since" in page.text
    session.expire_all()
    assert session.get_one(Unit, unit.id).bedspaces == 4


def test_nothing_has_been_changed_yet(client: PageClient) -> None:
    assert "Nothing has been changed" in client.page("/manage/changes").text
    assert client.get("/manage/changes/12").status_code == 404
    assert client.get("/manage/changes/x").status_code == 404


def test_a_file_that_says_nothing_new_has_nothing_to_apply(client: PageClient, session: Session) -> None:
    factories.organisation(session, id="rose", name="Rose House")
    path = check(client, [["id", "name"], ["rose", "Rose House"]])

    page = client.page(path)

    assert "there is nothing to apply" in page.text
    assert session.scalar(select(func.count(StagedSheet.id))) == 1
