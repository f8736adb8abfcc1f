"""What the templates of a listing's versions and of its status may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.web.pages.editing.contexts import DifferenceLine, KeptLine, Listing


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a list: what kind of change made it, by whom, and the fields that it changed."""

    number: int
    what: str
    by: str
    at: datetime
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """Every version of a listing, newest first."""

    template: ClassVar[str] = "pages/editing/versions.html"

    listing: Listing
    lines: tuple[VersionLine, ...]
    back: str
    older: int
    newer: int


@dataclass(frozen=True, slots=True)
class VersionPage:
    """What a listing said in one version. `may_restore`: it can be made to say that again."""

    template: ClassVar[str] = "pages/editing/version.html"

    listing: Listing
    line: VersionLine
    values: tuple[KeptLine, ...]
    is_latest: bool
    may_restore: bool


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two versions, field by field, the older one first; only what differs."""

    template: ClassVar[str] = "pages/editing/compare.html"

    listing: Listing
    older: VersionLine
    newer: VersionLine
    fields: tuple[DifferenceLine, ...]


@dataclass(frozen=True, slots=True)
class RestorePage:
    """Whether to restore a version: what would change. `problems` say why it could not be done."""

    template: ClassVar[str] = "pages/editing/restore.html"

    listing: Listing
    line: VersionLine
    fields: tuple[DifferenceLine, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingLine:
    """What has to be filled in before a listing can be published; `href` is its place in the form."""

    label: str
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class StatusMove:
    """A status that a listing can be given: the link's words, and what it means."""

    status: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Where a listing stands, and what can be made of it."""

    template: ClassVar[str] = "pages/editing/status.html"

    listing: Listing
    status: str
    moves: tuple[StatusMove, ...]
    back: str


@dataclass(frozen=True, slots=True)
class ConfirmStatusPage:
    """Whether to give a listing another status. `number` is the version that is looked at.

    With `missing` or `open_referrals` it cannot be done; `problem` is what stood in the way just now.
    """

    template: ClassVar[str] = "pages/editing/confirm_status.html"

    listing: Listing
    status: str
    heading: str
    consequence: str
    button: str
    is_warning: bool
    number: int
    missing: tuple[MissingLine, ...]
    open_referrals: int
    problem: str
