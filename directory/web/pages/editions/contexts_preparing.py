"""What the templates of preparing an edition may see."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from directory.web.forms import BaseForm
from directory.web.pages.editions.contexts import ChangeLine, Paged
from directory.web.pages.editions.forms import CorrectForm, DraftForm, ScheduleForm, SignForm


@dataclass(frozen=True, slots=True)
class Task:
    """A step: `href` is empty while it cannot be done, `colour` of its state's tag is empty for plain words."""

    title: str
    href: str
    status: str
    colour: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """The edition that is being prepared. `prepared_by` is empty for the schedule's; `mine`: the reader prepared it."""

    id: int
    content_hash: str
    as_of: date
    prepared_by: str
    prepared_at: datetime
    mine: bool
    holds: str
    corrects: int | None
    note: str
    signed_by: str
    signed_at: datetime | None
    warnings: int


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing that a check found, with the page where it is mended (empty: there is none)."""

    name: str
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check: what it looked for, whether what it found blocks, how many there are, and the first of them.

    `all_href` is the page with all of them, empty where the first ones are all.
    """

    code: str
    title: str
    blocks: bool
    count: int
    findings: tuple[FindingLine, ...]
    all_href: str


@dataclass(frozen=True, slots=True)
class PreparePage:
    """Preparing the next edition, step by step. `form` is the one that holds what went wrong, if anything did.

    `stage` is a word of `stages.Stage`.
    """

    template: ClassVar[str] = "pages/editions/prepare.html"

    form: BaseForm
    draft_form: DraftForm
    sign_form: SignForm
    number: int
    stage: str
    tasks: tuple[Task, ...]
    draft: DraftView | None
    checks: tuple[CheckView, ...]
    passed: tuple[str, ...]
    blocks: int
    warns: int
    change_lines: tuple[str, ...]
    first_changes: tuple[ChangeLine, ...]
    more_changes: bool
    last_published_at: datetime | None
    next_due: date


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything that one check found."""

    template: ClassVar[str] = "pages/editions/check.html"

    title: str
    blocks: bool
    total: int
    findings: tuple[FindingLine, ...]
    paged: Paged


@dataclass(frozen=True, slots=True)
class CorrectPage:
    """Drafting a correction of edition `number`.

    `replaces` says what draft it would take the place of, and `waits` why that cannot be; mostly empty.
    """

    template: ClassVar[str] = "pages/editions/correct.html"

    form: CorrectForm
    number: int
    replaces: str
    waits: str


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """How often an edition is due, and when the next one is."""

    template: ClassVar[str] = "pages/editions/schedule.html"

    form: ScheduleForm
    next_due: date


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Something long is being done; its steps come where `gap` stands."""

    template: ClassVar[str] = "pages/editions/progress.html"

    heading: str
    text: str
    gap: str
