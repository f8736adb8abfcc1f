"""Whatever somebody with the database's own rights does to a published edition is found, and said of which."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from directory.audit.log import flush_audit
from directory.publishing.editions.canonical import content_hash, content_lines
from directory.publishing.editions.models import Edition, EditionEntry
from directory.publishing.editions.sealing import SEALED, seal_of
from directory.publishing.editions.verifying import verify
from directory.publishing.editions.vocabulary import EditionState, EntryKind
from tests import factories
from tests.publishing.editions.world import people, published_edition, refuge, without_protection

Tamper = Callable[[Session, Edition], None]


def three_editions(session: Session, now: datetime) -> None:
    """Three editions, a month apart; a refuge more in each."""
    who = people(session)
    for month in range(3):
        refuge(session, id=f"house-{month}")
        published_edition(session, who, now + timedelta(days=30 * month), note="Once a month.")


def change_entry(session: Session, edition: Edition) -> None:
    entry = session.scalars(
        select(EditionEntry).where(EditionEntry.edition_id == edition.id, EditionEntry.entry_id == "house-0")
    ).one()
    entry.body = entry.body.replace("020 7946 0000", "020 7946 0666")


def add_entry(session: Session, edition: Edition) -> None:
    session.add(EditionEntry(edition_id=edition.id, kind=EntryKind.PROGRAMME, entry_id="MADE-UP", body="{}"))


def add_unreadable_entry(session: Session, edition: Edition) -> None:
    session.add(EditionEntry(edition_id=edition.id, kind=EntryKind.SERVICE, entry_id="made-up", body="[no json"))


def remove_entry(session: Session, edition: Edition) -> None:
    session.execute(
        delete(EditionEntry).where(EditionEntry.edition_id == edition.id, EditionEntry.entry_id == "house-0")
    )


def change(**values: object) -> Tamper:
    def tamper(session: Session, edition: Edition) -> None:
        session.execute(update(Edition).where(Edition.id == edition.id).values(values))

    return tamper


def other_signer(session: Session, edition: Edition) -> None:
    edition.signed_by_id = factories.user(session, "commissioner").id


def other_date(_session: Session, edition: Edition) -> None:
    edition.as_of -= timedelta(days=30)


def other_hour(_session: Session, edition: Edition) -> None:
    assert edition.published_at is not None
    edition.published_at -= timedelta(seconds=1)


def entry_with_its_hash(session: Session, edition: Edition) -> None:
    """Change an entry, and make the hash fit."""
    change_entry(session, edition)
    session.flush()
    edition.content_hash = content_hash(content_lines(session, edition.id))


def everything_anew(session: Session, edition: Edition) -> None:
    """Change an entry, and make its hash, its seal and every seal after it fit: the work of somebody clever."""
    entry_with_its_hash(session, edition)
    reseal(session)


def reseal(session: Session) -> None:
    session.flush()
    previous = ""
    for one in session.scalars(select(Edition).order_by(Edition.number)):
        one.previous_seal = previous
        one.seal = previous = seal_of({name: getattr(one, name) for name in SEALED})
    session.flush()


def remove(session: Session, edition: Edition) -> None:
    session.execute(delete(EditionEntry).where(EditionEntry.edition_id == edition.id))
    session.execute(delete(Edition).where(Edition.id == edition.id))


def remove_and_count_anew(session: Session, edition: Edition) -> None:
    remove(session, edition)
    session.execute(update(Edition).where(Edition.number == 3).values(number=2))
    session.expire_all()
    reseal(session)


def draft_again(session: Session, edition: Edition) -> None:
    session.execute(
        update(Edition)
        .where(Edition.id == edition.id)
        .values(state=EditionState.SIGNED, number=None, published_at=None, seal="", slot=1)
    )


CHANGED = "an entry was changed, added or taken out"
SEAL = "its seal does not fit"
CASES: list[tuple[str, Tamper, set[tuple[int, str]]]] = [
    ("an entry's body", change_entry, {(2, CHANGED)}),
    ("an entry added", add_entry, {(2, CHANGED)}),
    ("an entry that is none", add_unreadable_entry, {(2, CHANGED)}),
    ("an entry removed", remove_entry, {(2, CHANGED)}),
    ("its note", change(note="All is well."), {(2, SEAL)}),
    ("its number", change(number=4), {(4, SEAL), (2, "It is missing"), (4, "does not know that it was published")}),
    ("its counts", change(services=9), {(2, SEAL), (2, "more or less than it does")}),
    ("its warnings", change(warnings=0), {(2, SEAL), (2, "another signature")}),
    ("what its checks had found", change(checks="[]"), {(2, SEAL)}),
    ("its date", other_date, {(2, SEAL)}),
    ("its hour", other_hour, {(2, SEAL), (2, "another edition or instant")}),
    ("its signer", other_signer, {(2, SEAL), (2, "another signature")}),
    ("its seal", change(seal="f" * 64), {(2, SEAL), (3, "does not follow"), (2, "another seal")}),
    ("its place in the chain", change(previous_seal="f" * 64), {(2, SEAL), (2, "does not follow")}),
    ("an entry with its hash", entry_with_its_hash, {(2, SEAL), (2, "another hash"), (2, "another signature")}),
    (
        "everything after an entry",
        everything_anew,
        {(2, "another hash"), (2, "sealed anew"), (2, "another signature"), (3, "sealed anew")},
    ),
    ("the whole edition", remove, {(2, "It is missing"), (3, "does not follow")}),
    ("the whole edition, the next one in its place", remove_and_count_anew, {(2, "another hash"), (3, "is missing")}),
    ("that it was published", draft_again, {(2, "It is missing"), (3, "does not follow")}),
]


def test_untouched_editions_are_whole(session: Session, now: datetime) -> None:
    three_editions(session, now)
    seen = []
    verdict = verify(session, lambda what, done, total: seen.append((what, done, total)))
    assert (verdict.editions, verdict.problems, verdict.ok) == (3, (), True)
    assert seen[-1] == ("Checking editions", 3, 3)


def test_tampering_is_found(session: Session, now: datetime) -> None:
    """One world for all cases, each undone: making three editions takes longer than what is tried here."""
    three_editions(session, now)
    for name, tamper, expected in CASES:
        with session.begin_nested() as undone:
            with without_protection(session):
                tamper(session, session.scalars(select(Edition).where(Edition.number == 2)).one())
            found = {(problem.number, problem.what) for problem in verify(session).problems}
            undone.rollback()
        session.expire_all()

        for number, words in expected:
            assert any(number == of and words in what for of, what in found), f"{name}: {words} is not among {found}"
        blamed = {number for number, _ in found} - {number for number, _ in expected}
        assert blamed <= {3}, f"{name}: an edition that nobody touched is blamed"
    assert verify(session).ok, "every case was undone"


def test_an_edition_that_nobody_published_is_found(session: Session, now: datetime) -> None:
    three_editions(session, now)
    with without_protection(session):
        last = session.scalars(select(Edition).where(Edition.number == 3)).one()
        values = {name: getattr(last, name) for name in SEALED} | {"number": 4, "previous_seal": last.seal}
        forged = {**values, "state": EditionState.PUBLISHED, "slot": None, "seal": seal_of(values)}
        forged_id = session.scalars(insert(Edition).values(forged).returning(Edition.id)).one()
        for entry in session.scalars(select(EditionEntry).where(EditionEntry.edition_id == last.id)).all():
            session.add(EditionEntry(edition_id=forged_id, kind=entry.kind, entry_id=entry.entry_id, body=entry.body))

    assert {(one.number, one.what) for one in verify(session).problems} == {
        (4, "The audit trail does not know that it was published.")
    }


@pytest.mark.parametrize("torn", ["torn", '{"edition":{},"number":[2]}'])
def test_an_audit_entry_that_cannot_be_read_is_no_excuse(session: Session, now: datetime, torn: str) -> None:
    three_editions(session, now)
    flush_audit(session)
    with without_protection(session):
        session.execute(
            text("UPDATE audit_entries SET details = :torn WHERE event = 'edition_published' AND details LIKE :two"),
            {"torn": torn, "two": '%"number":2,%'},
        )

    assert [(one.number, one.what) for one in verify(session).problems] == [
        (2, "The audit trail does not know that it was published.")
    ]


def test_no_word_of_an_edition_is_outside_its_seal() -> None:
    kept = {column.name for column in Edition.__table__.columns}
    # Where it is kept, that it is published, and the seal itself: the trail and the numbering speak for these.
    assert kept - {*SEALED} == {"id", "state", "slot", "seal"}
    blank = dict.fromkeys(SEALED)
    assert len({seal_of(blank | {name: 1}) for name in SEALED} | {seal_of(blank)}) == len(SEALED) + 1


def test_what_is_kept_of_the_checks_is_short(session: Session, now: datetime) -> None:
    who = people(session)
    for number in range(60):
        factories.service(session, id=f"house-{number}")
    made = published_edition(session, who, now)
    checks = session.scalar(select(Edition.checks).where(Edition.id == made.id))
    found = {one["code"]: one for one in json.loads(checks or "")}
    assert found["stale_listings"]["found"] == 60
    assert len(found["stale_listings"]["first"]) == 50
    assert session.scalar(select(func.count()).select_from(EditionEntry)) == 120
