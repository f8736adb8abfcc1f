"""Listings that may be the same as one that is about to be added: told apart by a person, never by a program."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers
from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.catalogue.files.difference import Difference, Entry
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import ListingKind

MOST = 10
MOST_COMPARISONS = 500_000
"""A few seconds' work."""
# Of a hundred. No two of the hundred organisations of `seed_data/` reach it (the nearest: 80), nor two services of one
# of them (85); names that differ in an ending, an abbreviation or a space do.
_ALIKE = 88
# What says nothing of who it is.
_EMPTY_WORDS = frozenset(["the", "a", "of", "for", "and", "in", "ltd", "limited", "cic", "uk", "charity", "trust"])
# Sites on which many have a page: only the same page is the same.
_SHARED_HOSTS = frozenset(
    ["facebook.com", "instagram.com", "twitter.com", "x.com", "linktr.ee", "sites.google.com", "linkedin.com"]
)
_CHARITY_NUMBER, _PHONE, _WEBSITE, _EMAIL, _NAME = (
    "the same charity number",
    "the same phone number",
    "the same website",
    "the same email address",
    "a very similar name",
)
# How sure each makes it. What many share by mistake counts least.
_WEIGHTS = {_CHARITY_NUMBER: 5, _PHONE: 3, _WEBSITE: 3, _EMAIL: 3, _NAME: 2}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A listing that may be the same, and why (“the same phone number”), surest reasons first."""

    id: str
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Traits:
    """By what a listing is known again; empty ones are no traits."""

    name: str
    owner: str
    charity_number: str
    phones: frozenset[str]
    website: str
    emails: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownListings:
    """What the catalogue has, read once: for whoever has many listings to compare, such as a sheet."""

    kind: ListingKind
    listings: Sequence[tuple[str, str, _Traits]]

    def like(self, values: Mapping[str, str], exclude_id: str | None = None) -> list[Duplicate]:
        """Those that may be the same as `values` (columns to texts), likeliest first; at most ten."""
        traits = _traits(values)
        found = [
            Duplicate(listing_id, name, reasons)
            for listing_id, name, theirs in self.listings
            if listing_id != exclude_id and (reasons := tuple(_reasons(self.kind, traits, theirs)))
        ]
        return sorted(found, key=lambda one: (-sum(_WEIGHTS[why] for why in one.because), one.name, one.id))[:MOST]


def known_listings(session: Session, kind: ListingKind) -> KnownListings:
    """Every organisation or service, drafts and withdrawn ones too; nothing for units: rooms are called alike."""
    if kind is ListingKind.ORGANISATION:
        columns = ("name", "phone", "email", "website", "charity_number")
        query = select(
            Organisation.id,
            Organisation.name,
            Organisation.phone,
            Organisation.email,
            Organisation.website,
            Organisation.charity_number,
        ).where(Organisation.removed_at.is_(None))
    elif kind is ListingKind.SERVICE:
        columns = ("name", "phone", "professional_phone", "referral_email", "organisation_id")
        query = select(
            Service.id,
            Service.name,
            Service.phone,
            Service.professional_phone,
            Service.referral_email,
            Service.organisation_id,
        ).where(Service.removed_at.is_(None))
    else:
        return KnownListings(kind, ())
    rows = [(str(row[0]), dict(zip(columns, row[1:], strict=True))) for row in session.execute(query)]
    return KnownListings(kind, [(listing_id, row["name"], _traits(row)) for listing_id, row in rows])


def duplicates_of_added(session: Session, difference: Difference) -> dict[Entry, list[Duplicate]] | None:
    """What each organisation and service that an import adds may be the same as; only those that are like another.

    None where there are too many to compare: a whole catalogue that is brought in at once is not looked through.
    """
    found: dict[Entry, list[Duplicate]] = {}
    for kind in (ListingKind.ORGANISATION, ListingKind.SERVICE):
        added = [entry for entry in difference.added if entry.file == LISTING_TABLES[kind].file]
        known = known_listings(session, kind) if added else KnownListings(kind, ())
        if len(added) * len(known.listings) > MOST_COMPARISONS:
            return None
        likes = ((entry, known.like(entry.texts, entry.id)) for entry in added)
        found |= {entry: like for entry, like in likes if like}
    return found


def find_duplicates(
    session: Session, kind: ListingKind, values: Mapping[str, str], exclude_id: str | None = None
) -> list[Duplicate]:
    """The organisations or services that may be the same as `values` (columns to texts), likeliest first; at most ten.

    `exclude_id` is the listing's own id. For many at once see `known_listings`.
    """
    return known_listings(session, kind).like(values, exclude_id)


def _reasons(kind: ListingKind, ours: _Traits, theirs: _Traits) -> Iterator[str]:
    if ours.charity_number and ours.charity_number == theirs.charity_number:
        yield _CHARITY_NUMBER
    # An organisation's services often share a phone and an address: there only the name tells.
    siblings = kind is ListingKind.SERVICE and ours.owner == theirs.owner
    if not siblings:
        if ours.phones & theirs.phones:
            yield _PHONE
        if ours.website and ours.website == theirs.website:
            yield _WEBSITE
        if ours.emails & theirs.emails:
            yield _EMAIL
    # Half of all services are called "Advice" or "Advocacy": among other organisations' that says nothing.
    if (kind is ListingKind.ORGANISATION or siblings) and _alike(ours.name, theirs.name):
        yield _NAME


def _alike(ours: str, theirs: str) -> bool:
    """Whether two names are nearly the same, or one is the other with something added."""
    if not ours or not theirs:
        return False
    words, other_words = set(ours.split()), set(theirs.split())
    return fuzz.token_sort_ratio(ours, theirs) >= _ALIKE or words <= other_words or other_words <= words


def _traits(values: Mapping[str, str]) -> _Traits:
    phones = {_phone(values.get(column, "")) for column in ("phone", "professional_phone")}
    emails = {values.get(column, "").strip().casefold() for column in ("email", "referral_email")}
    return _Traits(
        name=_name(values.get("name", "")),
        owner=values.get("organisation_id", ""),
        charity_number=re.sub(r"[^0-9a-z]", "", values.get("charity_number", "").lower()),
        phones=frozenset(phones - {""}),
        website=_site(values.get("website", "")),
        emails=frozenset(emails - {""}),
    )


def _name(text: str) -> str:
    """A name without accents, punctuation and words that say nothing; whole where nothing else is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
    return " ".join([word for word in words if word not in _EMPTY_WORDS] or words)


def _phone(text: str) -> str:
    """A number as it would be dialled from abroad, however it is written; else its digits."""
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return re.sub(r"[^0-9]", "", text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _site(text: str) -> str:
    """The host of a website without `www.`, with the page where many share the host."""
    try:
        parts = urlsplit(text.strip().casefold())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return host + parts.path.rstrip("/") if host in _SHARED_HOSTS else host
