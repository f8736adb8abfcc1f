"""What pages are told of proposals. Texts are as the catalogue's files write them: `fields.wording` says them."""

from dataclasses import dataclass
from datetime import datetime

from directory.catalogue.versions.models import ListingKind
from directory.common.errors import FieldProblem
from directory.editing.duplicates import Duplicate
from directory.editing.models import ProposalSource, ProposalState


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that was made. `folded` are the ids of older ones that became part of it.

    A commissioner who approves an edit in one go must look at it first where it folded others in: they wrote fields
    that the commissioner has not seen yet.
    """

    id: int
    listing_id: str
    folded: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OtherWish:
    """What somebody else had proposed for the same field, before a newer proposal took its place."""

    wanted: str
    by: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of a proposal: what its author saw, what the catalogue says by now, and what is wished.

    `by` is whose wish it is, as people are named; `others` what others had wished for the same field (for reviewers).
    `changed_since`: the catalogue says something else by now than what the author saw.
    """

    column: str
    label: str
    was: str
    now_is: str
    wanted: str
    by: str
    changed_since: bool
    others: tuple[OtherWish, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in a list. `labels` are the fields that the reader may see, `ended_as` what became of it in the end:
    of a folded one, what became of that which it is part of."""

    id: int
    kind: ListingKind
    listing_id: str
    listing_name: str
    organisation_id: str
    organisation_name: str
    is_new: bool
    source: ProposalSource
    state: ProposalState
    ended_as: ProposalState
    labels: tuple[str, ...]
    author: str
    made_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as its author and the staff of the organisation see it.

    `comment` is what the reviewer wrote (of a folded one: about that which it is part of). `fields` are those that the
    reader may see: of somebody else's listing their own wishes alone. `may_change` and `may_withdraw`: the reader is
    its author, and it has not been decided yet.
    """

    line: ProposalLine
    explanation: str
    comment: str
    fields: tuple[FieldDifference, ...]
    folded_into_id: int | None
    may_change: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class FoldedIn:
    """An older proposal that became part of the one under review, with what its author wrote."""

    id: int
    author: str
    made_at: datetime
    explanation: str


@dataclass(frozen=True, slots=True)
class Review:
    """A proposal as a reviewer sees it.

    `number` is the version that the listing has now (0 for a new one): what `approve` is called with. `problems` is
    what stands in the way of approving it as it is. `duplicates` are listings that a new one may be the same as.
    `mine`: the reviewer wrote it. `comment` is that of the last answer, where it was returned or rejected.
    """

    line: ProposalLine
    explanation: str
    comment: str
    fields: tuple[FieldDifference, ...]
    folded: tuple[FoldedIn, ...]
    number: int
    problems: tuple[FieldProblem, ...]
    duplicates: tuple[Duplicate, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of lines, and how many there are altogether."""

    lines: tuple[ProposalLine, ...]
    total: int
