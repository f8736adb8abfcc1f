"""Printing: tagged as PDF/UA-1 asks for (ISO 14289-1), and without asking anything of the network."""

import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pypdf import PdfReader

from directory.web import pdf
from directory.web.pdf import PdfNotPossibleError, make_pdf, pdf_is_possible

pytestmark = pytest.mark.skipif(not pdf_is_possible(), reason="WeasyPrint and Pango are not installed here")
ASKED: list[str] = []


class Ears(BaseHTTPRequestHandler):
    """Notes whatever is asked of this machine."""

    def do_GET(self) -> None:
        """Note it, and answer nothing of use."""
        ASKED.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server on this machine, which the tests' socket guard lets through."""
    ASKED.clear()
    with HTTPServer(("127.0.0.1", 0), Ears) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def page(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="cy"><head><title>Other</title>{head}</head><body>{body}</body></html>'


def test_a_pdf_says_what_it_is() -> None:
    reader = PdfReader(io.BytesIO(make_pdf(page("<h1>One</h1><h2>Two</h2>"), title="A title")))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "A title"
    assert [str(one.title) for one in reader.outline if not isinstance(one, list)] == ["One"]


def test_nothing_is_fetched(server: str, tmp_path: object) -> None:
    """Firewall, rule 7: neither from the network, nor from this machine's disk."""
    secret = f"file://{tmp_path}/secret.css"
    head = "".join(
        f'<link rel="stylesheet" href="{address}">'
        for address in (f"{server}/a.css", secret, "print:../../../../pyproject.toml", "print:missing.css", "a.css")
    )
    style = f'<style>@import "{server}/b.css"; p {{ background: url({server}/c.png) }}</style>'
    body = f'<p>Text</p><img alt="d" src="{server}/d.png"><object data="{server}/e.svg"></object>'

    made = make_pdf(page(body, head + style + f'<link rel="attachment" href="{server}/f.txt">'), title="A")

    assert made.startswith(b"%PDF-1.7")
    assert ASKED == []


def test_the_refusal_bites(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the library's own way of fetching, the server is asked: the test above would notice."""
    weasyprint = pytest.importorskip("weasyprint")
    monkeypatch.setattr(pdf, "_fetcher", weasyprint.urls.URLFetcher)

    make_pdf(page(f'<img alt="d" src="{server}/d.png">'), title="A")

    assert ASKED == ["/d.png"]


def test_our_own_style_sheets_are_read() -> None:
    """The printed edition's: on its cover, the first page, the footer has the name that the h1 gives it."""
    link = '<link rel="stylesheet" href="print:edition.css">'

    reader = PdfReader(io.BytesIO(make_pdf(page('<h1 data-footer="Foot of it">One</h1>', link), title="A")))

    text = reader.pages[0].extract_text()
    assert "Foot of it" in text
    assert "Page 1 of 1" in text


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_library", lambda: None)

    assert not pdf_is_possible()
    with pytest.raises(PdfNotPossibleError, match="cannot make PDF files"):
        make_pdf(page(""), title="A")


@pytest.mark.parametrize("missing", [ImportError, OSError])
def test_a_missing_library_is_no_failure(missing: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package it is the one, without Pango the other."""

    def fail(_name: str) -> None:
        raise missing

    monkeypatch.setattr(pdf, "import_module", fail)

    assert pdf._library.__wrapped__() is None
