"""What the templates of published editions may see: what is in them, and who answers for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from directory.catalogue.hours import DayHours
from directory.catalogue.queries import ServiceFacts
from directory.web.pages.editions.forms import ListingsForm


@dataclass(frozen=True, slots=True)
class Paged:
    """Which page of how many is shown, and the addresses of the ones beside it."""

    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in a list. `changes` says in a line how it differs from the one before."""

    number: int
    published_at: datetime
    as_of: date
    holds: str
    changes: str
    corrects: int | None
    corrected_by: tuple[int, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file of an edition: what it is called, where it is, and for whom or what it is good."""

    text: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class EditionsPage:
    """Every published edition; `latest` is None where there is none. `preparing` says what a commissioner finds there.

    `feed` and `schedule` are addresses, empty where there is none or the reader may not open it.
    """

    template: ClassVar[str] = "pages/editions/list.html"

    latest: EditionLine | None
    downloads: tuple[Download, ...]
    earlier: tuple[EditionLine, ...]
    paged: Paged
    next_due: date
    overdue: bool
    feed: str
    may_prepare: bool
    preparing: str


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A service as an edition lists it: its borough in words, its phone, and its size where it is a refuge."""

    id: str
    name: str
    organisation: str
    borough: str
    phone: str
    size: str


@dataclass(frozen=True, slots=True)
class KindGroup:
    """Services of one kind that follow each other on a page; `goes_on`: the page before ended among them."""

    kind: str
    goes_on: bool
    rows: tuple[ListingRow, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The reader's own receipt: when they said that they have read it, None as long as they have not."""

    acknowledged_at: datetime | None
    action: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How to check a download: the hash, the file's name, and the command that compares the two."""

    content_hash: str
    file: str
    command: str
    seal: str


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One published edition, with a page of its services.

    `latest` is the number of the newest edition. `others` are further pages about it: their words and addresses.
    """

    template: ClassVar[str] = "pages/editions/edition.html"

    edition: EditionLine
    latest: int
    prepared_by: str
    signed_by: str
    warnings: int
    change_lines: tuple[str, ...]
    downloads: tuple[Download, ...]
    others: tuple[Download, ...]
    receipt: Receipt | None
    proof: Proof
    form: ListingsForm
    is_filtered: bool
    total: int
    groups: tuple[KindGroup, ...]
    paged: Paged
    correct: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that differs from the edition before. `href` is empty for what has no page in this edition."""

    name: str
    kind: str
    href: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Differences of one sort; `count` is of all of them, not of this page's alone."""

    sort: str
    count: int
    goes_on: bool
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """How an edition, or the one being prepared (`number` None), differs from the one before it (`from_number`)."""

    template: ClassVar[str] = "pages/editions/changes.html"

    number: int | None
    from_number: int | None
    total: int
    groups: tuple[ChangeGroup, ...]
    paged: Paged


@dataclass(frozen=True, slots=True)
class QuarterTable:
    """The figures of one quarter as they were published: measure, what the service says, what the directory counted."""

    quarter: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class EditionServicePage:
    """A service as an edition has it. The names of its facts are those of `listings/service_facts.html`.

    `live` is the address of the live listing, empty where it has gone; `differs` names what the live one says
    otherwise.
    """

    template: ClassVar[str] = "pages/editions/service.html"

    number: int
    as_of: date
    service: ServiceFacts
    for_whom: str
    accepts_nrpf: str
    location: str
    week: tuple[DayHours, ...]
    last_changed: None
    size: str
    quarters: tuple[QuarterTable, ...]
    live: str
    differs: tuple[str, ...]
