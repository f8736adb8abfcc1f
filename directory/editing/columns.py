"""What can be edited of each kind of listing: every column with its name for people, and whose it is to change."""

import enum
from dataclasses import dataclass

from directory.catalogue.versions.models import ListingKind


class FieldOwner(enum.StrEnum):
    """Who may propose to change a field."""

    ANYBODY = "anybody"
    COMMISSIONER = "commissioner"


class FieldInput(enum.StrEnum):
    """How a field is typed or chosen. `choice` is one of `choices`, `codes` any number of them (text: `;` between)."""

    LINE = "line"
    PARAGRAPHS = "paragraphs"
    CHOICE = "choice"
    CODES = "codes"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    EMAIL = "email"
    WEB_ADDRESS = "web_address"


class Screened(enum.StrEnum):
    """Which part of the screen a text has to pass, where somebody else than a commissioner proposes it."""

    NO = "no"
    """The column takes nothing but what it is made for: a phone number, a code, a date."""
    LABEL = "label"
    """One line that may hold a number of the organisation's own."""
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column of a catalogue file as people edit it. `codes_of` names the vocabulary that it chooses from."""

    column: str
    label: str
    input: FieldInput
    hint: str = ""
    owner: FieldOwner = FieldOwner.ANYBODY
    codes_of: str = ""
    screened: Screened = Screened.NO
    # Whoever looks a place up is not shown these, so nobody but its staff and commissioners is asked about them.
    correctable: bool = True


_I = FieldInput
_COMMISSIONER = FieldOwner.COMMISSIONER
_PROSE = Screened.PROSE
VERIFIED_ON = ColumnSpec(
    "verified_on", "Last verified", _I.DATE, "When somebody last made sure that all of this is right.", _COMMISSIONER
)

_ORGANISATION = (
    ColumnSpec("name", "Name", _I.LINE, screened=_PROSE),
    ColumnSpec(
        "description", "Description", _I.PARAGRAPHS, "Who it is and whom it helps, in plain English.", screened=_PROSE
    ),
    ColumnSpec("by_and_for", "By and for", _I.YES_NO, "It is led by and serves the community that it supports."),
    ColumnSpec("communities", "Communities", _I.CODES, codes_of="communities"),
    ColumnSpec("website", "Website", _I.WEB_ADDRESS, "For example https://www.example.org"),
    ColumnSpec("phone", "Phone", _I.PHONE, "For anybody. For example 020 7946 0123"),
    ColumnSpec("email", "Email", _I.EMAIL),
    ColumnSpec("charity_number", "Charity number", _I.LINE, screened=Screened.LABEL),
    VERIFIED_ON,
    ColumnSpec(
        "source", "Source", _I.LINE, "Where the facts were read: a web address, or words.", _COMMISSIONER, "", _PROSE
    ),
)

_SERVICE = (
    ColumnSpec("name", "Name", _I.LINE, screened=_PROSE),
    ColumnSpec("kind", "Kind of service", _I.CHOICE, codes_of="kinds"),
    ColumnSpec("description", "Description", _I.PARAGRAPHS, "What it offers, in plain English.", screened=_PROSE),
    ColumnSpec("needs", "Needs that it meets", _I.CODES, codes_of="needs"),
    ColumnSpec("communities", "Communities that it knows", _I.CODES, codes_of="communities"),
    ColumnSpec("languages", "Languages", _I.CODES, "Spoken by its own staff.", codes_of="languages"),
    ColumnSpec("genders", "For whom", _I.CODES, codes_of="genders"),
    ColumnSpec("min_age", "Youngest age", _I.NUMBER, "In years. Leave empty if there is no limit."),
    ColumnSpec("max_age", "Oldest age", _I.NUMBER, "In years. Leave empty if there is no limit."),
    ColumnSpec(
        "accepts_nrpf", "Takes people without public funds", _I.CHOICE, "Leave empty if unknown.", codes_of="nrpf"
    ),
    ColumnSpec("areas", "Areas that it covers", _I.CODES, "A refuge needs none.", codes_of="areas"),
    ColumnSpec(
        "location_disclosure",
        "How much of its location may be known",
        _I.CHOICE,
        "A refuge at a secret address is stored with its borough at most.",
        codes_of="disclosures",
        correctable=False,
    ),
    ColumnSpec("postcode", "Postcode", _I.LINE, "Only if its location is public. For example E8 3PN"),
    ColumnSpec("borough", "Borough", _I.CHOICE, codes_of="boroughs"),
    ColumnSpec("access_features", "Access", _I.CODES, codes_of="access_features"),
    ColumnSpec(
        "hours", "Opening hours", _I.LINE, "For example Mo-Fr 09:00-17:00; PH off, or 24/7", screened=Screened.PROSE
    ),
    ColumnSpec("phone", "Phone", _I.PHONE, "For anybody. For example 020 7946 0123"),
    ColumnSpec("professional_phone", "Phone for professionals", _I.PHONE, "For signed-in people only."),
    ColumnSpec("referral_email", "Email for referrals", _I.EMAIL, "For signed-in people only."),
    ColumnSpec(
        "response_target_minutes", "Answers referrals within", _I.NUMBER, "In minutes: 60 is an hour, 1440 is a day."
    ),
    VERIFIED_ON,
)

_UNIT = (
    ColumnSpec("name", "Name", _I.LINE, "A neutral one that tells no place, such as Room 1.", screened=_PROSE),
    ColumnSpec("borough", "Borough", _I.CHOICE, "Leave empty if it is the service’s.", codes_of="boroughs"),
    ColumnSpec("bedspaces", "Bedspaces", _I.NUMBER, "How many people it has room for, children too."),
    ColumnSpec("max_adults", "Adults at most", _I.NUMBER),
    ColumnSpec("max_children", "Children at most", _I.NUMBER),
    ColumnSpec("boys_max_age", "Oldest boy", _I.NUMBER, "In years. Leave empty if there is no limit."),
    ColumnSpec("access_features", "Access", _I.CODES, codes_of="access_features"),
    ColumnSpec(
        "not_from", "Cannot take people from", _I.CODES, "Boroughs that are too near to be safe.", codes_of="boroughs"
    ),
    ColumnSpec("ringfence", "Ring-fence", _I.CHOICE, "For whom it is funded.", _COMMISSIONER, "ringfences"),
    ColumnSpec("programme", "Programme", _I.CHOICE, "The contract that pays for it.", _COMMISSIONER, "programmes"),
    ColumnSpec("active_from", "Contract begins", _I.DATE, "", _COMMISSIONER),
    ColumnSpec("active_until", "Contract ends before", _I.DATE, "The day after its last day.", _COMMISSIONER),
)

COLUMNS: dict[ListingKind, tuple[ColumnSpec, ...]] = {
    ListingKind.ORGANISATION: _ORGANISATION,
    ListingKind.SERVICE: _SERVICE,
    ListingKind.UNIT: _UNIT,
}
"""What can be edited, in the order of a form.

Not here: `status` (see `status.py`: publishing demands completeness), a unit's `state` and `confirmed_at` (its
provider's word, given in two taps), ids, and to whom a service or a unit belongs (chosen once, when it is added).
"""

# The firewall, rule 3: which contract pays for a unit tells for whom it is. Commissioners alone are shown it.
COMMISSIONERS_EYES = frozenset({"programme"})

_OTHERS = {
    "id": "Id",
    "status": "Status",
    "organisation_id": "Organisation",
    "service_id": "Service",
    "state": "State",
    "confirmed_at": "Confirmed",
    "units": "Units",
}


def spec_of(kind: ListingKind, column: str) -> ColumnSpec | None:
    """How a column is edited; None for one that is not."""
    return next((spec for spec in COLUMNS[kind] if spec.column == column), None)


def label_of(kind: ListingKind, column: str) -> str:
    """What people call a column; the column itself where nobody has named it."""
    spec = spec_of(kind, column)
    return spec.label if spec else _OTHERS.get(column, column)
