"""Printing HTML as an accessible PDF (PDF/UA-1, ISO 14289-1), without asking anything of the network.

The library needs Pango, which some machines have not: ask `pdf_is_possible` first, and say so in words where it is not.
"""

from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

from directory.common.errors import RefusedError
from directory.paths import STATIC

LANGUAGE = "en-GB"
PRINT_STYLES = STATIC / "print"
STYLE_SCHEME = "print:"
"""How a template names a style sheet of that folder: `<link rel="stylesheet" href="print:edition.css">`."""

# The library lays out with Pango's and its own caches, and takes a whole processor: one document at a time.
_one_at_a_time = Lock()


class PdfNotPossibleError(RefusedError):
    """This machine has not got what it takes to make a PDF; the message is for people."""


def pdf_is_possible() -> bool:
    """Whether `make_pdf` can work here: the library and Pango are there."""
    return _library() is not None


def make_pdf(html: str, *, title: str) -> bytes:
    """`html` as a tagged PDF in British English that calls itself `title`; its headings become bookmarks.

    It may refer to `data:` addresses and to our own print style sheets (`print:edition.css`); whatever else it names is
    left out, and never fetched. Raises PdfNotPossibleError where `pdf_is_possible` is false.
    """
    library = _library()
    if library is None:
        raise PdfNotPossibleError(
            "This installation cannot make PDF files. Its administrator can add what is missing: WeasyPrint and Pango."
        )
    with _one_at_a_time:
        page = library.HTML(string=html, base_url=STYLE_SCHEME, url_fetcher=_fetcher())
        document = page.render(pdf_variant="pdf/ua-1", pdf_tags=True)
        document.metadata.title = title
        document.metadata.lang = LANGUAGE
        printed: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return printed


@cache
def _library() -> Any:
    """WeasyPrint, loaded when it is first needed, for that takes a second; None where it or Pango is missing."""
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):  # the second, where a library of the system's is not found
        return None


@cache
def _fetcher() -> Any:
    urls: Any = import_module("weasyprint.urls")

    class OwnFilesOnly(urls.URLFetcher):  # type: ignore[misc]
        """Reads what stands in the address itself, and our print style sheets by name."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url: str, headers: Any = None) -> Any:
            """What `url` names. Raises ValueError for all that is not ours; the library goes on without it."""
            name = url.removeprefix(STYLE_SCHEME)
            if url.startswith(STYLE_SCHEME) and name in {path.name for path in PRINT_STYLES.glob("*.css")}:
                return urls.URLFetcherResponse(url, (PRINT_STYLES / name).read_bytes(), {"Content-Type": "text/css"})
            return super().fetch(url, headers)

    return OwnFilesOnly()
