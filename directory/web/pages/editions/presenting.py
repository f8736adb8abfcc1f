"""Published editions in words: their lines in a list, their files, how to check them, and the reader's receipt."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from directory.common.paging import Paging
from directory.publishing.cascade.receipts import ReceiptFacts
from directory.publishing.editions.facts import EditionFacts
from directory.web.pages.editions.contexts import Download, EditionLine, Paged, Proof, Receipt
from directory.web.pages.editions.differing import in_one_line, lines_of
from directory.web.pages.editions.words import address, holds, published_at, published_number

# Endpoint, text, for what it is good.
_FILES = (
    ("downloads.pdf", "PDF", "to read and print, with tags for screen readers"),
    ("downloads.workbook", "Excel workbook", "everything in sheets"),
    ("downloads.services", "Services (CSV)", "for spreadsheets"),
    ("downloads.organisations", "Organisations (CSV)", "for spreadsheets"),
    ("downloads.performance", "Performance (CSV)", "for spreadsheets"),
    ("downloads.oruk", "Open Referral UK (JSON)", "for other directories"),
    ("downloads.content", "Content (JSON lines)", "what was signed and sealed, byte for byte"),
)
_OTHERS = (
    ("briefings.choose", "Briefing on one page", "to print, for a Basic Command Unit"),
    ("pocket.choose", "Pocket page", "for phones: opens without a connection"),
)
_RECEIPTS = ("receipts.dashboard", "Who has read it", "by Basic Command Unit")


def edition_line(session: Session, edition: EditionFacts, all_of_them: Iterable[EditionFacts]) -> EditionLine:
    """A published edition in a list, among all published ones."""
    number = published_number(edition)
    return EditionLine(
        number=number,
        published_at=published_at(edition),
        as_of=edition.as_of,
        holds=holds(edition),
        changes=in_one_line(lines_of(session, edition)),
        corrects=edition.corrects_number,
        corrected_by=tuple(sorted(one.number or 0 for one in all_of_them if one.corrects_number == number)),
        note=edition.note,
    )


def downloads_of(number: int, *, with_pdf: bool) -> tuple[Download, ...]:
    """The files of an edition that can be had here."""
    found = _links(_FILES, number=number)
    return tuple(one for one, (endpoint, *_) in found if with_pdf or endpoint != "downloads.pdf")


def others_of(number: int, *, is_latest: bool, with_receipts: bool) -> tuple[Download, ...]:
    """Further pages about an edition; what is printed or carried in a pocket is of the latest alone."""
    links = [*(_OTHERS if is_latest else ()), *([_RECEIPTS] if with_receipts else [])]
    return tuple(one for one, _ in _links(links, number=number))


def proof_of(edition: EditionFacts) -> Proof:
    """How somebody finds out that what they have downloaded is what was signed."""
    file = f"edition-{published_number(edition)}-{edition.as_of.isoformat()}-content.ndjson"
    return Proof(
        content_hash=edition.content_hash,
        file=file,
        command=f"echo '{edition.content_hash}  {file}' | sha256sum --check",
        seal=edition.seal,
    )


def receipt_in_words(receipt: ReceiptFacts | None, number: int) -> Receipt | None:
    """The reader's receipt; None for whoever was not sent the edition, or where nobody can acknowledge."""
    action = address("receipts.acknowledge_here", number=number)
    return Receipt(receipt.acknowledged_at, action) if receipt and action else None


def paged(paging: Paging, total: int, endpoint: str, **values: Any) -> Paged:
    """The addresses beside a page of `total` things; `values` are what else stands in them."""
    pages = paging.pages(total)
    back = url_for(endpoint, page=min(paging.page - 1, pages), **values) if paging.page > 1 else None
    on = url_for(endpoint, page=paging.page + 1, **values) if paging.page < pages else None
    return Paged(paging.page, pages, back, on)


def slice_of(paging: Paging) -> slice:
    """Which of the things this page shows."""
    first = (paging.page - 1) * paging.per_page
    return slice(first, first + paging.per_page)


def _links(these: Sequence[tuple[str, str, str]], **values: int) -> Iterator[tuple[Download, tuple[str, str, str]]]:
    for endpoint, text, about in these:
        href = address(endpoint, **values)
        if href:
            yield Download(text, href, about), (endpoint, text, about)
