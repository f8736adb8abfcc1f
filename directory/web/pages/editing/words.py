"""What the pages of keeping listings are told in: kinds in addresses, statuses, states of proposals, ways of change."""

from directory.accounts.colleagues import read_colleague
from directory.accounts.permissions import Role
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import NotFoundError
from directory.editing.overview import ChangeKind, ListingKind, ProposalState
from directory.extensions import current_session
from directory.web import current

_SEGMENTS = {
    "organisations": ListingKind.ORGANISATION,
    "services": ListingKind.SERVICE,
    "units": ListingKind.UNIT,
}
KIND_WORDS = {
    ListingKind.ORGANISATION: "organisation",
    ListingKind.SERVICE: "service",
    ListingKind.UNIT: "unit",
}
STATUS_WORDS = {
    ListingStatus.DRAFT: "Draft",
    ListingStatus.IN_REVIEW: "In review",
    ListingStatus.PUBLISHED: "Published",
    ListingStatus.SUSPENDED: "Suspended",
    ListingStatus.WITHDRAWN: "Withdrawn",
}
STATUS_COLOURS = {
    ListingStatus.DRAFT: "grey",
    ListingStatus.IN_REVIEW: "blue",
    ListingStatus.PUBLISHED: "green",
    ListingStatus.SUSPENDED: "orange",
    ListingStatus.WITHDRAWN: "grey",
}
STATE_WORDS = {
    ProposalState.PENDING: "Waiting for the commissioner",
    ProposalState.RETURNED: "Changes asked for",
    ProposalState.APPROVED: "Approved",
    ProposalState.REJECTED: "Rejected",
    ProposalState.FOLDED: "Part of a newer proposal",
    ProposalState.WITHDRAWN: "Taken back",
}
STATE_COLOURS = {
    ProposalState.PENDING: "blue",
    ProposalState.RETURNED: "orange",
    ProposalState.APPROVED: "green",
    ProposalState.REJECTED: "red",
    ProposalState.FOLDED: "grey",
    ProposalState.WITHDRAWN: "grey",
}
CHANGE_WORDS = {
    ChangeKind.FOUND: "As it was when its history began",
    ChangeKind.IMPORT: "Imported",
    ChangeKind.UPLOAD: "Changed with a spreadsheet",
    ChangeKind.PROPOSAL: "A proposal was approved",
    ChangeKind.STATUS: "Its status was changed",
    ChangeKind.CONFIRMATION: "Confirmed as still right",
    ChangeKind.RESTORE: "An earlier version was restored",
    ChangeKind.UNDO: "A change was taken back",
}
_ROLE_WORDS = {
    Role.OFFICER: "a police officer",
    Role.ADVOCATE: "an advocate",
    Role.PROVIDER: "the provider’s staff",
    Role.COMMISSIONER: "a commissioner",
    Role.AUDITOR: "an auditor",
    Role.ADMINISTRATOR: "an administrator",
}


def kind_of(segment: str) -> ListingKind:
    """The kind that an address names. Raises NotFoundError for any other word."""
    kind = _SEGMENTS.get(segment)
    if kind is None:
        raise NotFoundError("There is no such page.")
    return kind


def kind_segment(kind: ListingKind) -> str:
    """How addresses name a kind."""
    return next(segment for segment, one in _SEGMENTS.items() if one is kind)


def number_of(text: str) -> int:
    """A number that stands in an address. Raises NotFoundError for what is none: it names nothing."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFoundError("There is no such page.")
    return int(text)


def by_whom(reference: str) -> str:
    """Who made a change, as far as readers are told: `you`, a role, `an import`, `somebody through a link`."""
    word, _, number = reference.partition("-")
    if word == "link":
        return "somebody through a link"
    if word != "user" or not number.isdigit():
        return "the system"
    if int(number) == current.user_id():
        return "you"
    return _ROLE_WORDS[read_colleague(current_session(), int(number)).role]
