"""What the reviewer's templates may see: all of a proposal, contracts and ring-fences too."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.web.pages.editing.contexts import DifferenceLine
from directory.web.pages.review.forms import AnswerForm


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A proposal that waits: whose listing, what it would change, who made it and how."""

    id: int
    name: str
    organisation_name: str
    what: str
    source: str
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What waits for a commissioner, oldest first."""

    template: ClassVar[str] = "pages/review/queue.html"

    lines: tuple[QueueLine, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class DuplicateLine:
    """A listing that a new one may be the same as, and why."""

    name: str
    href: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """An older proposal that became part of this one."""

    by: str
    made_at: datetime
    explanation: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A proposal, field by field, and the answers to it.

    `number` is the version that the reviewer sees; `waits` is false once it is answered. `problems` stand in the way
    of approving it; `problem` is what stood in the way just now, `changes` what others have changed meanwhile.
    """

    template: ClassVar[str] = "pages/review/proposal.html"

    form: AnswerForm
    line: QueueLine
    state: str
    colour: str
    listing_url: str
    versions_url: str
    edit_url: str
    is_new: bool
    mine: bool
    waits: bool
    number: int
    explanation: str
    comment: str
    fields: tuple[DifferenceLine, ...]
    folded: tuple[FoldedLine, ...]
    problems: tuple[str, ...]
    duplicates: tuple[DuplicateLine, ...]
    problem: str
    changed_meanwhile: bool
