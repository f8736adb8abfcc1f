"""What the template of the freshness report may see: ages of confirmations, no hold, no referral and no ring-fence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Share:
    """How many units of how many, in words: `37 of 50`, `74%`."""

    label: str
    percentage: str
    counts: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service: its units by the age of their confirmation, what it was asked in vain, and its listing.

    `is_due` says that something has to be confirmed. `link_sent_at` is when the last link went out that is still good.
    """

    id: str
    name: str
    organisation: str
    units: tuple[str, ...]
    oldest_confirmed_at: datetime | None
    has_units: bool
    is_due: bool
    reminders: int
    ranked_last: bool
    listing_due: bool
    verified_on: date | None
    link_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class FreshnessPage:
    """How much of the catalogue is confirmed, and which services are not: worst first.

    `may_remind` and `may_keep_contacts` say which links and buttons the reader gets. `problem` says what could not be
    done; mostly empty.
    """

    template: ClassVar[str] = "pages/freshness/report.html"

    shares: tuple[Share, ...]
    services: tuple[ServiceRow, ...]
    number: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    may_remind: bool
    may_keep_contacts: bool
    problem: str
    now: datetime
