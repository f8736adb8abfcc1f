"""What the templates of keeping listings may see. A provider's pages never hold what a contract is called."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.web.pages.editing.differences import Shown
from directory.web.pages.editing.forms import ConflictForm, ListingForm
from directory.web.pages.editing.sections import FieldView, Part


@dataclass(frozen=True, slots=True)
class Listing:
    """Which listing a page is about: its kind as addresses name it and in words, its id and name."""

    kind: str
    kind_words: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnUnitLine:
    """A unit in the list of its service, with what waits for the commissioner."""

    id: str
    name: str
    bedspaces: int
    ringfenced: bool
    pending: int


@dataclass(frozen=True, slots=True)
class OwnLine:
    """An organisation or a service in its provider's list. `address` is empty where nobody can look at it yet."""

    listing: Listing
    about: str
    status: str
    status_colour: str
    pending: int
    address: str
    takes_units: bool = False
    units: tuple[OwnUnitLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that a provider's organisation keeps."""

    template: ClassVar[str] = "pages/editing/own.html"

    organisation: OwnLine
    services: tuple[OwnLine, ...]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A fact that commissioners keep and the provider may read."""

    label: str
    value: Shown


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of a listing, or of a new one. `may_approve`: whoever fills it in can approve it as well.

    `note` says what has to be looked at, such as a reviewer's comment; `problem` why nothing was saved just now.
    """

    template: ClassVar[str] = "pages/editing/form.html"

    form: ListingForm
    heading: str
    action: str
    back: str
    parts: tuple[Part, ...]
    kept: tuple[KeptLine, ...]
    may_approve: bool
    is_new: bool
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A field that two people changed at once; `choice` is the name of its question in the form."""

    choice: str
    label: str
    was: Shown
    now_is: Shown
    yours: Shown


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """What somebody else has changed meanwhile, to choose from. `hidden` is all that was typed."""

    template: ClassVar[str] = "pages/editing/conflict.html"

    form: ConflictForm
    listing: Listing
    action: str
    lines: tuple[ConflictLine, ...]
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SentPage:
    """Something was proposed: what happens next."""

    template: ClassVar[str] = "pages/editing/sent.html"

    number: int
    name: str
    labels: tuple[str, ...]
    is_correction: bool
    is_new: bool
    back: str
    back_text: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in a list; `waits_for_you`: its author has been asked for changes."""

    id: int
    name: str
    what: str
    state: str
    colour: str
    by: str
    made_at: datetime
    waits_for_you: bool


@dataclass(frozen=True, slots=True)
class MyProposalsPage:
    """What somebody has proposed, newest first."""

    template: ClassVar[str] = "pages/editing/mine.html"

    lines: tuple[ProposalLine, ...]
    page: int
    pages: int
    previous: str | None
    next: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A field that is to say something else. `now_is` is None where it says what its author saw.

    `others` are what other people had wished for the same field: the value, and whose wish it was.
    """

    label: str
    was: Shown
    now_is: Shown | None
    wanted: Shown
    by: str
    others: tuple[tuple[Shown, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One proposal, for its author and their colleagues. `change_url` is empty where it cannot be changed."""

    template: ClassVar[str] = "pages/editing/proposal.html"

    line: ProposalLine
    explanation: str
    comment: str
    fields: tuple[DifferenceLine, ...]
    is_new: bool
    folded_into: int | None
    change_url: str
    may_withdraw: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionField:
    """A field of which a mistake can be reported: what it says now, and the page for saying what is right."""

    label: str
    value: Shown
    href: str


@dataclass(frozen=True, slots=True)
class CorrectionFieldsPage:
    """Which field is wrong."""

    template: ClassVar[str] = "pages/editing/correct_fields.html"

    listing: Listing
    back: str
    fields: tuple[CorrectionField, ...]


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """What one field should say instead. `problem` says why it could not be sent."""

    template: ClassVar[str] = "pages/editing/correct.html"

    form: ListingForm
    listing: Listing
    action: str
    back: str
    label: str
    value: Shown
    view: FieldView
    problem: str = ""
