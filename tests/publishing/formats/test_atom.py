"""The feed of editions: it tells that there is one, and nothing of what is in it."""

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from directory.publishing.formats.atom import ATOM, NEWEST, edition_feed
from tests.publishing.formats.world import edition

BASE = "https://directory.example.org"
NAMES = {"a": ATOM}


def test_an_entry_says_number_date_counts_and_hash() -> None:
    feed = fromstring(edition_feed([edition(3, corrects_number=2), edition(2)], BASE, "Directory"))

    entries = feed.findall("a:entry", NAMES)
    assert [entry.findtext("a:title", None, NAMES) for entry in entries] == [
        "Edition 3 of 1 December 2026, a correction of edition 2",
        "Edition 2 of 1 December 2026",
    ]
    assert entries[0].findtext("a:updated", None, NAMES) == "2026-12-01T09:30:15Z"
    summary = entries[0].findtext("a:summary", "", NAMES)
    assert summary.startswith("1 organisation, 2 services, 0 refuge units with 0 bedspaces.")
    assert "4f" * 32 in summary
    (link,) = entries[0].findall("a:link", NAMES)
    assert link.get("href") == f"{BASE}/editions/3"


def test_what_the_standard_requires_is_there() -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    for editions in ([], [edition(number) for number in range(30, 0, -1)]):
        feed = fromstring(edition_feed(editions, BASE, "Directory"))

        assert feed.tag == f"{{{ATOM}}}feed"
        assert all(feed.find(f"a:{name}", NAMES) is not None for name in ("id", "title", "updated", "author/a:name"))
        assert [link.get("rel") for link in feed.findall("a:link", NAMES)] == ["self", "alternate"]
        entries = feed.findall("a:entry", NAMES)
        assert len(entries) == min(len(editions), NEWEST)
        ids = {entry.findtext("a:id", None, NAMES) for entry in entries}
        assert len(ids) == len(entries)
        assert all(entry.find("a:updated", NAMES) is not None for entry in entries)
