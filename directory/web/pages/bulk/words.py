"""What the pages of bulk work are told in."""

from directory.editing.bulk.history import Became
from directory.editing.bulk.results import Verdict
from directory.editing.overview import ChangeKind, ListingKind

KINDS = {
    ListingKind.ORGANISATION: "Organisations",
    ListingKind.SERVICE: "Services",
    ListingKind.UNIT: "Units",
}
ONE = {
    ListingKind.ORGANISATION: "organisation",
    ListingKind.SERVICE: "service",
    ListingKind.UNIT: "unit",
}
VERDICTS = {
    Verdict.ADDED: "New",
    Verdict.CHANGED: "Changed",
    Verdict.UNCHANGED: "Unchanged",
    Verdict.FAULTY: "Error",
}
COLOURS = {Verdict.ADDED: "green", Verdict.CHANGED: "blue", Verdict.UNCHANGED: "grey", Verdict.FAULTY: "red"}
BECAME = {Became.ADDED: "New", Became.CHANGED: "Changed", Became.REMOVED: "Removed"}
BECAME_COLOURS = {Became.ADDED: "green", Became.CHANGED: "blue", Became.REMOVED: "grey"}
CHANGES = {
    ChangeKind.FOUND: "Found when the history began",
    ChangeKind.IMPORT: "Import of files",
    ChangeKind.UPLOAD: "Spreadsheet",
    ChangeKind.PROPOSAL: "Approved proposal",
    ChangeKind.STATUS: "Change of status",
    ChangeKind.CONFIRMATION: "Confirmation",
    ChangeKind.RESTORE: "Earlier version restored",
    ChangeKind.UNDO: "Taken back",
}


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `1,250 rows`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def number_in(text: str, otherwise: int = 1) -> int:
    """A page's number in an address; anything else is the first."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise
