"""Editions as files: who gets which, what is in it, and that the printed one can be read by everybody."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.catalogue.vocabulary import LocationDisclosure, ServiceKind
from directory.config import Settings
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.reading import keep_file, read_file
from directory.web.pages.downloads import views
from directory.web.pages.downloads.keeping import keep_pdf
from directory.web.pdf import pdf_is_possible
from tests import factories
from tests.publishing.editions.world import people, published_edition
from tests.support.html import text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
FILES = {
    "content": ("application/x-ndjson", "content.ndjson"),
    "services.csv": ("text/csv", "services.csv"),
    "organisations.csv": ("text/csv", "organisations.csv"),
    "performance.csv": ("text/csv", "performance.csv"),
    "edition.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "edition.xlsx"),
    "oruk.json": ("application/json", "oruk.json"),
}
PROFESSIONAL, MAILBOX = "020 7946 0777", "in.confidence@example.org"
needs_pdf = pytest.mark.skipif(not pdf_is_possible(), reason="WeasyPrint and Pango are not installed here")


@pytest.fixture
def edition(session: Session, now: datetime) -> EditionFacts:
    """The first edition: a refuge that is secret with two units, and a helpline."""
    owner = factories.organisation(
        session, ["latin-american"], name="Lantern", by_and_for=True, website="https://lantern.example.org"
    )
    refuge = factories.service(
        session,
        owner,
        id="quiet-house",
        name="Quiet House",
        location_disclosure=LocationDisclosure.SECRET,
        professional_phone=PROFESSIONAL,
        referral_email=MAILBOX,
    )
    for number in (1, 2):
        factories.unit(session, refuge, id=f"quiet-unit-{number}")
    factories.service(session, owner, name="Night line", kind=ServiceKind.HELPLINE, borough_code=None)
    return published_edition(session, people(session), now)


def test_every_file_comes_under_its_name(client: PageClient, sign_in: SignIn, edition: EditionFacts) -> None:
    sign_in("officer")

    for name, (mimetype, saved) in FILES.items():
        answer = client.get(f"/editions/1/{name}")

        assert (answer.status_code, answer.mimetype) == (200, mimetype), name
        expected = "edition-1-2026-11-22.xlsx" if name == "edition.xlsx" else f"edition-1-2026-11-22-{saved}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{expected}"'
        assert answer.headers["Cache-Control"] == "no-store"
        for hidden in (PROFESSIONAL, MAILBOX, "quiet-unit"):
            assert hidden.encode() not in answer.data, (name, hidden)
        again = client.get(f"/editions/1/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        # A workbook holds the time at which it was written.
        assert name == "edition.xlsx" or (again.status_code, again.data) == (304, b"")
        assert client.get(f"/editions/2/{name}").status_code == 404


def test_the_content_is_what_the_hash_is_made_of(client: PageClient, sign_in: SignIn, edition: EditionFacts) -> None:
    sign_in("auditor")

    content = client.get("/editions/1/content").data

    assert hashlib.sha256(content).hexdigest() == edition.content_hash


def test_open_referral_has_every_service(client: PageClient, sign_in: SignIn, edition: EditionFacts) -> None:
    sign_in("commissioner")

    found = json.loads(client.get("/editions/1/oruk.json").data)

    assert [one["name"] for one in found["contents"]] == ["Quiet House", "Night line"]
    assert found["total_items"] == 2


def test_files_are_for_those_who_may_see_the_catalogue(client: PageClient, edition: EditionFacts) -> None:
    for name in (*FILES, "edition.pdf"):
        answer = client.get(f"/editions/1/{name}")

        assert answer.status_code == 303, name
        assert "/sign-in" in answer.headers["Location"]


def test_the_feed_is_for_everybody_and_tells_of_no_listing(client: PageClient, edition: EditionFacts) -> None:
    answer = client.get("/editions/feed")

    assert answer.mimetype == "application/atom+xml"
    assert edition.content_hash.encode() in answer.data
    for word in (b"Quiet", b"Lantern", b"quiet-house"):
        assert word not in answer.data
    assert len(fromstring(answer.data).findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert answer.last_modified is not None
    seen = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/editions/feed", headers=seen).status_code == 304


def test_a_feed_without_editions_is_a_feed(client: PageClient, session: Session) -> None:
    assert fromstring(client.get("/editions/feed").data).tag == "{http://www.w3.org/2005/Atom}feed"


@needs_pdf
def test_the_pdf_is_tagged_whole_and_made_once(
    client: PageClient,
    session: Session,
    sign_in: SignIn,
    edition: EditionFacts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in("officer")

    made = client.get("/editions/1/edition.pdf")

    assert made.status_code == 200
    assert made.headers["Content-Disposition"] == 'attachment; filename="edition-1-2026-11-22.pdf"'
    _is_tagged(PdfReader(io.BytesIO(made.data)))
    _says_what_it_should(PdfReader(io.BytesIO(made.data)), edition)
    kept = read_file(session, edition.id, "edition.pdf")
    assert kept is not None
    assert kept.endswith(made.data)
    monkeypatch.setattr(views, "make_pdf", None)
    assert client.get("/editions/1/edition.pdf").data == made.data


def test_without_what_it_takes_there_are_words_instead_of_a_pdf(
    client: PageClient, sign_in: SignIn, edition: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "pdf_is_possible", lambda: False)
    sign_in("officer")

    page = client.page("/editions/1/edition.pdf", status=409)

    assert "This installation cannot make PDF files" in text_of(page.one("main"))
    assert {link.get("href") for link in page.all("a", page.one("main"))} >= {
        "/editions/1",
        "/editions/1/briefing",
        "/editions/1/edition.xlsx",
        "/editions/1/services.csv",
    }


def test_a_large_edition_is_not_printed_whole(
    client: PageClient, sign_in: SignIn, edition: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGEST_WHOLE", 1)
    sign_in("officer")

    page = client.page("/editions/1/edition.pdf", status=404)

    assert "more than 1 services" in text_of(page.one("main"))


def test_what_is_kept_is_sent_whether_or_not_it_could_be_made(
    client: PageClient,
    session: Session,
    sign_in: SignIn,
    edition: EditionFacts,
    settings: Settings,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep_pdf(session, edition, b"%PDF-kept", settings.secret_key, now)
    session.commit()
    monkeypatch.setattr(views, "pdf_is_possible", lambda: False)
    sign_in("officer")

    assert client.get("/editions/1/edition.pdf").data == b"%PDF-kept"


@pytest.mark.parametrize("put", [b"%PDF-forged", b"x" * 32 + b"%PDF-forged", b""])
def test_what_somebody_else_has_put_there_is_never_sent(
    client: PageClient,
    session: Session,
    sign_in: SignIn,
    edition: EditionFacts,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    put: bytes,
) -> None:
    keep_file(session, edition.id, "edition.pdf", put, now)
    session.commit()
    monkeypatch.setattr(views, "pdf_is_possible", lambda: False)
    sign_in("officer")

    assert "cannot make PDF files" in client.page("/editions/1/edition.pdf", status=409).text


def _is_tagged(reader: PdfReader) -> None:
    """Every heading, table and link of the HTML is an element of the structure, and every link says where it leads."""
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    elements = list(_elements(root["/StructTreeRoot"]["/K"]))
    sorts = [str(element["/S"]) for element in elements]
    assert sorts.count("/H1") == 1
    assert {"/H2", "/H3", "/H4", "/H5", "/Table", "/TH", "/TD", "/L", "/LI", "/Link", "/P"} <= set(sorts)
    annotations = [one.get_object() for sheet in reader.pages for one in sheet.get("/Annots", ())]
    linked = [kid["/Obj"].get_object() for element in elements for kid in _kids(element) if "/Obj" in kid]
    assert len(annotations) == len(linked) > 10
    assert all("/StructParent" in one and one["/Contents"] for one in annotations)
    cells = [element for element in elements if element["/S"] == "/TD"]
    assert cells
    assert all(cell["/A"]["/Headers"] for cell in cells), "a cell without the headers that it lies under"
    for sheet in reader.pages:
        assert sheet["/Tabs"] == "/S"
        fonts: Any = sheet["/Resources"].get("/Font", {})
        for font in fonts.values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert any(name in descriptor for name in ("/FontFile2", "/FontFile3")), "a font that is not embedded"


def _says_what_it_should(reader: PdfReader, edition: EditionFacts) -> None:
    texts = [sheet.extract_text() for sheet in reader.pages]
    whole = " ".join(" ".join(texts).split())
    assert edition.content_hash in texts[0].replace("\n", "")
    assert "by a second commissioner" in whole
    assert "This is the first edition" in whole
    assert "2 units" in whole
    assert "the address is kept secret" in whole
    assert all(f"Page {number} of {len(texts)}" in text for number, text in enumerate(texts, 1))
    assert edition.signed_by
    for hidden in (PROFESSIONAL, MAILBOX, "quiet-unit", edition.signed_by, edition.prepared_by):
        assert hidden not in whole
    titles = {str(one.title) for one in reader.outline if not isinstance(one, list)}
    assert titles == {"Edition 1"}


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    found = kids if isinstance(kids, ArrayObject) else [kids]
    return [kid.get_object() for kid in found if isinstance(kid.get_object(), DictionaryObject)]


def _elements(kids: Any) -> Iterator[Any]:
    for kid in kids:
        element = kid.get_object()
        if isinstance(element, DictionaryObject) and "/S" in element:
            yield element
            yield from _elements(_kids(element))
