"""Which columns a listing must fill to be published. Pure: what each is for, whoever asks says."""

from collections.abc import Iterator, Mapping

from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ServiceKind

_FILLED = {
    ListingKind.ORGANISATION: ("name", "description"),
    ListingKind.SERVICE: (
        *("name", "description", "needs", "genders", "accepts_nrpf", "hours", "response_target_minutes"),
    ),
}
_WAYS_TO_REACH = ("phone", "email", "website")
_WAYS_TO_REFER = ("phone", "professional_phone", "referral_email")


def lacking(kind: ListingKind, values: Mapping[str, str]) -> Iterator[str]:
    """The columns to fill before `values` (columns to texts) can be published, each for whatever would do in its place.

    Units are never published by themselves: nothing.
    """
    yield from (column for column in _FILLED.get(kind, ()) if not values.get(column))
    if kind is ListingKind.ORGANISATION and not _any(values, _WAYS_TO_REACH):
        yield "phone"
    if kind is not ListingKind.SERVICE:
        return
    if not _any(values, _WAYS_TO_REFER):
        yield "phone"
    if not values.get("areas") and values.get("kind") != ServiceKind.REFUGE:
        yield "areas"
    # A helpline is rung from anywhere, so it lies nowhere.
    if not _any(values, ("borough", "postcode")) and values.get("kind") != ServiceKind.HELPLINE:
        yield "borough"


def _any(values: Mapping[str, str], columns: tuple[str, ...]) -> bool:
    return any(values.get(column) for column in columns)
