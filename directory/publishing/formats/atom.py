"""A feed (Atom, RFC 4287) that tells of new editions: number, date, counts and hash, and nothing of any listing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from directory.common.dates import as_date
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.formats.identifiers import uuid_of

ATOM = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml"
# What a feed without entries was updated at: it has to say something, and the same each time.
_BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)
NEWEST = 24


def edition_feed(editions: Sequence[EditionFacts], base_url: str, title: str) -> bytes:
    """The newest of `editions` (published ones, newest first). `base_url` has no slash at its end."""
    # The standard's elements without a prefix: older readers know no other way.
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _text(feed, "id", f"urn:uuid:{uuid_of('feed', 'editions')}")
    _text(feed, "title", f"{title}: editions")
    _text(feed, "updated", _instant(last_published(editions)))
    SubElement(feed, "link", {"rel": "self", "type": MIMETYPE, "href": f"{base_url}/editions/feed"})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{base_url}/editions"})
    _text(SubElement(feed, "author"), "name", title)
    for edition in editions[:NEWEST]:
        _entry(feed, edition, base_url)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def last_published(editions: Sequence[EditionFacts]) -> datetime:
    """When the newest of `editions` was published, to the second."""
    times = [edition.published_at for edition in editions if edition.published_at]
    return max(times, default=_BEFORE_ALL).replace(microsecond=0)


def counts_in_words(edition: EditionFacts) -> str:
    """`41 organisations, 76 services, 62 refuge units with 128 bedspaces`."""
    return (
        f"{_counted(edition.organisations, 'organisation')}, {_counted(edition.services, 'service')}, "
        f"{_counted(edition.units, 'refuge unit')} with {_counted(edition.bedspaces, 'bedspace')}"
    )


def _entry(feed: Element, edition: EditionFacts, base_url: str) -> None:
    if edition.published_at is None:
        return
    entry = SubElement(feed, "entry")
    # The seal is over the number, the dates and the content: another edition can never have the same.
    _text(entry, "id", f"urn:uuid:{uuid_of('edition', edition.seal)}")
    corrects = f", a correction of edition {edition.corrects_number}" if edition.corrects_number else ""
    _text(entry, "title", f"Edition {edition.number} of {as_date(edition.as_of)}{corrects}")
    _text(entry, "updated", _instant(edition.published_at))
    _text(entry, "published", _instant(edition.published_at))
    address = f"{base_url}/editions/{edition.number}"
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    _text(entry, "summary", f"{counts_in_words(edition)}. SHA-256 of the content: {edition.content_hash}")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
