"""Whatever people do to the catalogue, and in whatever order: it says what replaying its history gives."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES, RowEdit, edit_catalogue, export_folder, import_folder
from directory.capacity.undoing import restore_version, undo_change
from directory.catalogue.files.edits import texts_of
from directory.catalogue.files.stored import load_stored
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.versions.reading import recent_changes, versions_of
from directory.catalogue.versions.replay import replay
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import DomainError, NotFoundError
from directory.editing.making import LIVE
from directory.editing.models import Proposal, ProposalState
from directory.editing.proposals import propose_new, withdraw
from directory.editing.reviewing import reject, return_for_changes
from directory.editing.status import change_status
from directory.editing.wishes import read
from tests import factories
from tests.conftest import NOW
from tests.editing.world import ORGANISATION, SERVICE, UNIT, World, make_world
from tests.support.databases import BoundDatabase

T = TypeVar("T")
Catalogue = dict[tuple[ListingKind, str], Mapping[str, str]]

# What can be proposed of each kind, few enough for proposals to meet.
VALUES: dict[ListingKind, dict[str, tuple[str, ...]]] = {
    ORGANISATION: {"phone": ("020 7946 0001", "020 7946 0002"), "communities": ("", "deaf", "deaf;lgbt")},
    SERVICE: {"phone": ("020 7946 0003", ""), "hours": ("24/7", "Mo-Fr 09:00-17:00"), "min_age": ("", "18")},
    UNIT: {"name": ("Room 1", "Room 2"), "bedspaces": ("3", "4"), "not_from": ("", factories.EALING)},
}


def said(session: Session) -> Catalogue:
    """What the catalogue really says of every listing and unit that is there, without what is true only for now."""
    found: Catalogue = {}
    for kind, table in LISTING_TABLES.items():
        for (listing_id, *_), row in load_stored(session, table).items():
            if not row.removed:
                found[kind, listing_id] = texts_of(table, row.values, live=False)
    return found


def told(session: Session, beginning: Catalogue) -> Catalogue:
    """What it must say: what it said in the beginning, with everything that its history tells."""
    whole = {**beginning, **replay(session)}
    return {row: values for row, values in whole.items() if values is not None}


@dataclass
class Play:
    """A catalogue, and everything that can be done to it; what is refused has changed nothing."""

    world: World
    beginning: Catalogue
    done: Counter[str] = field(default_factory=Counter)
    ticks: int = 0

    def do(self, what: str, pick: int, value: int) -> None:
        """Do one thing, chosen by two numbers."""
        self.ticks += 1
        self.world.now = NOW + timedelta(minutes=self.ticks)
        try:
            getattr(self, what)(pick, value)
            self.world.session.commit()
            self.done[what] += 1
        except DomainError:
            self.world.session.rollback()

    def one_of(self, things: Sequence[T], pick: int) -> T:
        """One of some things; where there are none, that is refused like everything that cannot be done."""
        if not things:
            raise NotFoundError("There is nothing to do that to.")
        return things[pick % len(things)]

    def listing(self, pick: int) -> tuple[ListingKind, str]:
        """One of the three listings of the world."""
        world = self.world
        return [(ORGANISATION, world.organisation.id), (SERVICE, world.service.id), (UNIT, world.unit.id)][pick % 3]

    def proposal(self, pick: int) -> int:
        """One of the proposals that wait."""
        query = select(Proposal.id).where(Proposal.state == ProposalState.PENDING).order_by(Proposal.id)
        return self.one_of(self.world.session.scalars(query).all(), pick)

    def change(self, kind: ListingKind, value: int) -> dict[str, str]:
        """One or two columns with one of their values."""
        columns = list(VALUES[kind])
        chosen = {columns[value % len(columns)], columns[value // 3 % len(columns)]}
        return {column: VALUES[kind][column][value % len(VALUES[kind][column])] for column in sorted(chosen)}

    def propose(self, pick: int, value: int) -> None:
        kind, listing_id = self.listing(pick)
        actor = [self.world.provider, self.world.colleague, self.world.commissioner][value % 3]
        self.world.propose(self.change(kind, value), actor, kind=kind, listing_id=listing_id)

    def correct(self, pick: int, value: int) -> None:
        kind, listing_id = self.listing(pick % 2)
        [(column, text), *_] = self.change(kind, value).items()
        self.world.correct(column, text, kind=kind, listing_id=listing_id)

    def add(self, pick: int, value: int) -> None:
        wanted = {"name": f"Room {value}", "bedspaces": "2", "max_adults": "1", "max_children": "1"}
        propose_new(
            self.world.session,
            UNIT,
            owner_id=self.world.service.id,
            wanted=wanted,
            explanation="",
            actor=self.world.provider,
            now=self.world.now,
        )

    def approve(self, pick: int, value: int) -> None:
        self.world.approve(self.proposal(pick))

    def send_back(self, pick: int, value: int) -> None:
        answer = return_for_changes if value % 2 else reject
        answer(self.world.session, self.proposal(pick), "Please look again.", self.world.commissioner, self.world.now)

    def take_back(self, pick: int, value: int) -> None:
        found = self.world.session.get_one(Proposal, self.proposal(pick))
        people = (self.world.provider, self.world.colleague, self.world.officer, self.world.commissioner)
        author = next(person for person in people if person.user_id == found.author_id)
        withdraw(self.world.session, found.id, author, self.world.now)

    def upload(self, pick: int, value: int) -> None:
        kind, listing_id = self.listing(pick)
        edits = [RowEdit(kind, listing_id, self.change(kind, value), removed=value % 7 == 0)]
        edit_catalogue(
            self.world.session,
            edits,
            self.world.now,
            kind=ChangeKind.UPLOAD,
            made_by=self.world.commissioner.reference,
        )

    def load(self, pick: int, value: int) -> None:
        """Import the catalogue's own files, changed by hand; now and then without its units."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "files"
            export_folder(self.world.session, path)
            kind, listing_id = self.listing(pick)
            _rewrite(path / LISTING_TABLES[kind].file, listing_id, self.change(kind, value))
            if value % 5 == 0:
                _rewrite(path / LISTING_TABLES[UNIT].file, self.world.unit.id, None)
            import_folder(self.world.session, path, self.world.now)

    def undo(self, pick: int, value: int) -> None:
        change = self.one_of(recent_changes(self.world.session), value)
        undo_change(self.world.session, change.id, self.world.commissioner, self.world.now)

    def restore(self, pick: int, value: int) -> None:
        kind, listing_id = self.listing(pick)
        number = self.one_of(versions_of(self.world.session, kind, listing_id), value).number
        restore_version(self.world.session, kind, listing_id, number, self.world.commissioner, self.world.now)

    def status(self, pick: int, value: int) -> None:
        kind, listing_id = self.listing(pick % 2)
        word = list(ListingStatus)[value % len(ListingStatus)]
        number = self.world.number(kind, listing_id)
        change_status(
            self.world.session,
            kind,
            listing_id,
            word,
            number,
            self.world.commissioner,
            self.world.now,
            open_referrals=0,
        )

    def live_proposals_overlap(self) -> bool:
        """Whether two proposals that wait wish something of the same field."""
        query = select(Proposal.kind, Proposal.listing_id, Proposal.is_new, Proposal.fields).where(
            Proposal.state.in_(LIVE)
        )
        fields = Counter(
            (kind, listing_id, is_new, column)
            for kind, listing_id, is_new, wishes in self.world.session.execute(query)
            for column in read(wishes)
        )
        return any(count > 1 for count in fields.values())


OPERATIONS: tuple[str, ...] = (
    *("propose", "propose", "correct", "add", "approve", "approve", "approve", "send_back", "take_back"),
    *("upload", "load", "undo", "undo", "restore", "status"),
)


def _rewrite(path: Path, listing_id: str, texts: Mapping[str, str] | None) -> None:
    """Change one row of a file; without `texts` it goes."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [row | dict(texts or {}) if row["id"] == listing_id else row for row in rows]
    kept = [row for row in kept if texts is not None or row["id"] != listing_id]
    if not rows:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


@contextmanager
def played(engine: Engine) -> Iterator[Play]:
    """A catalogue of its own on the shared database, undone at the end."""
    with engine.connect() as connection:
        outer = connection.begin()
        with BoundDatabase(connection).new_session() as session:
            world = make_world(session, NOW)
            yield Play(world, said(session))
        outer.rollback()


operation = st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 5), st.integers(0, 29))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(operations=st.lists(operation, min_size=4, max_size=12))
def test_the_catalogue_equals_its_replayed_history(engine: Engine, operations: list[tuple[str, int, int]]) -> None:
    with played(engine) as play:
        for what, pick, value in operations:
            play.do(what, pick, value)

        session = play.world.session
        assert said(session) == told(session, play.beginning)
        assert not play.live_proposals_overlap()


def test_the_play_does_everything_that_it_is_about(engine: Engine) -> None:
    """What is always refused would prove nothing."""
    with played(engine) as play:
        for number in range(4):
            for what in ("propose", "correct", "add", "send_back", "propose", "take_back", "correct", "approve"):
                play.do(what, number, number)
            for what in ("upload", "undo", "load", "undo", "restore", "status"):
                play.do(what, number, number + 1)

        assert set(play.done) == set(OPERATIONS)
        session = play.world.session
        assert said(session) == told(session, play.beginning)


def past_a_versioned_listing(play: Play) -> None:
    play.do("propose", 1, 3)
    play.do("approve", 0, 0)
    assert play.done["approve"] == 1
    play.world.session.execute(update(Service).values(phone="020 7946 0099"))


def past_one_that_never_changed(play: Play) -> None:
    play.world.session.execute(update(Service).values(min_age=40))


def past_what_was_removed(play: Play) -> None:
    play.do("upload", 2, 0)
    assert play.done["upload"] == 1
    play.world.session.execute(update(LISTING_TABLES[UNIT].table).values(removed_at=None))


def past_the_lists(play: Play) -> None:
    languages = LISTING_TABLES[SERVICE].column("languages").stored
    play.world.session.execute(languages.table.insert().values(service_id=play.world.service.id, language="tr"))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "write", [past_a_versioned_listing, past_one_that_never_changed, past_what_was_removed, past_the_lists]
)
def test_the_check_bites(engine: Engine, write: Callable[[Play], Any]) -> None:
    """Whatever is written past the machinery is seen."""
    with played(engine) as play:
        write(play)

        session = play.world.session
        assert said(session) != told(session, play.beginning)
