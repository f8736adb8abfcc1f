"""What the templates of the register may see: sorts, dates and a screened summary; no organisation that is hidden."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from directory.web.pages.disclosures.forms import AnswerForm, CorrectionForm, RequestForm


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One entry in words. `standing` is what became of it, `colour` the colour of its tag, beside the words.

    `time` says how long the answer took, or has been waited for. `corrects` and `corrected_by` are numbers.
    """

    number: int
    title: str
    received_on: date
    subject: str
    basis: str
    organisation: str
    is_own: bool
    summary: str
    standing: str
    colour: str
    answer: str
    answered_on: date | None
    time: str
    due_on: date
    recorded_at: datetime
    corrects: int | None
    corrected_by: int | None


@dataclass(frozen=True, slots=True)
class TallyLine:
    """Who asked, how often, and in words how that was answered."""

    requester: str
    total: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of the register, above it what it says as a whole. `waits` and `overdue` count requests."""

    template: ClassVar[str] = "pages/disclosures/register.html"

    entries: tuple[RequestLine, ...]
    tallies: tuple[TallyLine, ...]
    number: int
    waits: int
    overdue: int
    kept_since: date
    working_days: int
    may_keep: bool
    sees_all: bool
    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One entry, with the form of its answer where it waits for one and the reader keeps the register.

    `problem` says what could not be done; mostly empty.
    """

    template: ClassVar[str] = "pages/disclosures/request.html"

    entry: RequestLine
    form: AnswerForm
    may_answer: bool
    hints: dict[str, str]
    may_correct: bool
    problem: str


@dataclass(frozen=True, slots=True)
class EnterPage:
    """The form of a new request."""

    template: ClassVar[str] = "pages/disclosures/enter.html"

    form: RequestForm


@dataclass(frozen=True, slots=True)
class CorrectPage:
    """The form that puts entry `number` right."""

    template: ClassVar[str] = "pages/disclosures/correct.html"

    number: int
    form: CorrectionForm
