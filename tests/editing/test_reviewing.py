"""Deciding on proposals: what reviewers see, approving all of it or nothing, and telling the authors."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.capacity.files import RowEdit, edit_catalogue
from directory.catalogue.versions.models import CatalogueChange, ChangeKind
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.common.paging import Paging
from directory.editing.errors import ChangedMeanwhileError
from directory.editing.models import ProposalState
from directory.editing.reviewing import approve, count_waiting, queue, read_review, reject, return_for_changes
from directory.messaging.models import OutboxMessage
from tests.editing.world import SERVICE, UNIT, World


def import_past(world: World, **texts: str) -> None:
    """Somebody imports a file meanwhile."""
    edits = [RowEdit(SERVICE, world.service.id, texts)]
    report = edit_catalogue(world.session, edits, world.now, kind=ChangeKind.IMPORT, made_by="system")
    assert report.change_id is not None


def test_a_reviewer_sees_every_field_as_it_was_is_and_would_be(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009", "needs": "forced-marriage"}, explanation="We have moved.")
    import_past(world, phone="020 7946 0005")

    review = read_review(world.session, made.id, world.commissioner, world.now)

    shown = {
        field.column: (field.label, field.was, field.now_is, field.wanted, field.changed_since)
        for field in review.fields
    }
    assert shown == {
        "needs": ("Needs that it meets", "domestic-abuse", "domestic-abuse", "forced-marriage", False),
        "phone": ("Phone", "020 7946 0000", "020 7946 0005", "020 7946 0009", True),
    }
    assert (review.explanation, review.number, review.problems, review.mine) == ("We have moved.", 2, (), False)
    assert review.fields[0].by.endswith(", a provider")


def test_approving_writes_exactly_what_is_proposed(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"})
    import_past(world, hours="Mo-Fr 09:00-17:00")

    change = world.approve(made.id)

    assert (world.says("phone"), world.says("hours")) == ("020 7946 0009", "Mo-Fr 09:00-17:00")
    row = world.session.get_one(CatalogueChange, change)
    assert (row.kind, row.made_by) == (ChangeKind.PROPOSAL, world.commissioner.reference)


def test_a_listing_that_changed_after_the_reviewer_looked_is_looked_at_again(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"})
    seen = read_review(world.session, made.id, world.commissioner, world.now).number
    import_past(world, phone="020 7946 0005")

    with pytest.raises(ChangedMeanwhileError) as error:
        approve(world.session, made.id, seen, world.commissioner, world.now)

    assert [(one.column, one.now_is) for one in error.value.conflicts] == [("phone", "020 7946 0005")]
    assert error.value.number == 2
    assert world.row(made.id).state is ProposalState.PENDING
    assert world.says("phone") == "020 7946 0005"


def test_what_does_not_fit_any_more_is_refused_as_a_whole_and_named(world: World) -> None:
    made = world.propose({"min_age": "30", "phone": "020 7946 0009"})
    import_past(world, max_age="25")

    review = read_review(world.session, made.id, world.commissioner, world.now)
    assert [problem.field for problem in review.problems] == [""]
    with pytest.raises(InvalidInputError) as error:
        approve(world.session, made.id, review.number, world.commissioner, world.now)

    assert "max_age" in error.value.problems[0].message
    assert world.says("phone") == "020 7946 0000"
    assert world.row(made.id).state is ProposalState.PENDING


def test_a_listing_that_is_gone_says_so(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"})
    gone = [RowEdit(SERVICE, world.service.id, {}, removed=True)]
    edit_catalogue(world.session, gone, world.now, kind=ChangeKind.IMPORT, made_by="system")

    review = read_review(world.session, made.id, world.commissioner, world.now)

    assert "not there any more" in review.problems[0].message
    with pytest.raises(InvalidInputError):
        approve(world.session, made.id, review.number, world.commissioner, world.now)
    reject(world.session, made.id, "It has closed.", world.commissioner, world.now)


def test_what_the_catalogue_says_already_is_not_approved(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"})
    import_past(world, phone="020 7946 0009")

    with pytest.raises(RefusedError, match="says all of this already"):
        world.approve(made.id)


def test_a_commissioners_own_edit_is_approved_in_one_go(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"}, world.commissioner)

    assert made.folded == ()
    world.approve(made.id)

    assert world.says("phone") == "020 7946 0009"
    assert world.session.scalars(select(OutboxMessage)).all() == []


@pytest.mark.parametrize("who", ["provider", "officer", "advocate"])
def test_nobody_else_decides(world: World, who: str) -> None:
    made = world.propose({"phone": "020 7946 0009"})
    actor = getattr(world, who)

    for decide in (
        lambda: approve(world.session, made.id, 0, actor, world.now),
        lambda: return_for_changes(world.session, made.id, "Why?", actor, world.now),
        lambda: reject(world.session, made.id, "No.", actor, world.now),
        lambda: read_review(world.session, made.id, actor, world.now),
        lambda: queue(world.session, actor, Paging()),
    ):
        with pytest.raises(NotAllowedError):
            decide()
    assert world.row(made.id).state is ProposalState.PENDING


def test_each_proposal_is_decided_once(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"})
    world.approve(made.id)

    with pytest.raises(RefusedError):
        world.approve(made.id)
    with pytest.raises(RefusedError):
        reject(world.session, made.id, "No.", world.commissioner, world.now)
    with pytest.raises(NotFoundError):
        approve(world.session, made.id + 1000, 0, world.commissioner, world.now)


def test_one_that_was_folded_points_to_the_newer_one(world: World) -> None:
    older = world.propose({"phone": "020 7946 0008"})
    world.propose({"phone": "020 7946 0009"})

    with pytest.raises(RefusedError, match="newer proposal"):
        world.approve(older.id)


@pytest.mark.parametrize("comment", ["", "   ", "Ask Mrs Begum.", "x" * 501, "She is an overstayer."])
def test_a_no_says_why_and_the_screen_reads_it(world: World, comment: str) -> None:
    made = world.propose({"phone": "020 7946 0009"})

    for answer in (return_for_changes, reject):
        with pytest.raises(InvalidInputError) as error:
            answer(world.session, made.id, comment, world.commissioner, world.now)
        assert {problem.field for problem in error.value.problems} == {"comment"}
    assert world.row(made.id).comment == ""


def test_the_queue_is_oldest_first_and_counts_what_waits(world: World) -> None:
    first = world.propose({"phone": "020 7946 0009"})
    second = world.correct("hours", "Mo-Fr 09:00-17:00")
    third = world.propose({"min_age": "18"})
    return_for_changes(world.session, third.id, "Really?", world.commissioner, world.now)

    assert [line.id for line in queue(world.session, world.commissioner, Paging()).lines] == [first.id, second.id]
    assert count_waiting(world.session) == 2


def test_every_author_is_told_once_without_a_word_of_what_it_is_about(world: World) -> None:
    older = world.propose({"phone": "020 7946 0008"})
    newer = world.correct("phone", "020 7946 0009")

    world.approve(newer.id)

    messages = world.session.scalars(select(OutboxMessage).order_by(OutboxMessage.path)).all()
    assert {(message.kind, message.reference, message.path) for message in messages} == {
        ("proposal_answered", f"P{older.id}", f"/proposals/{older.id}"),
        ("proposal_answered", f"P{newer.id}", f"/proposals/{newer.id}"),
    }


def test_being_asked_for_changes_again_is_told_again(world: World) -> None:
    made = world.propose({"phone": "020 7946 0008"})
    return_for_changes(world.session, made.id, "Which one?", world.commissioner, world.now)
    again = world.propose({"phone": "020 7946 0009"}, replaces=made.id)
    return_for_changes(world.session, again.id, "Still not.", world.commissioner, world.now + timedelta(hours=1))

    messages = world.session.scalars(select(OutboxMessage.path)).all()
    assert sorted(messages) == [f"/proposals/{made.id}", f"/proposals/{again.id}"]


def test_the_trail_tells_what_was_decided_and_nothing_that_was_written(world: World) -> None:
    made = world.propose({"name": "Alder House"}, explanation="A quieter name.", kind=SERVICE)
    reject(world.session, made.id, "We keep the old one.", world.commissioner, world.now)
    unit = world.propose({"name": "Room 9"}, kind=UNIT, listing_id=world.unit.id)
    world.approve(unit.id)
    flush_audit(world.session)

    entries = world.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    told = [(entry.event, entry.actor, entry.details) for entry in entries]
    assert ("proposal_made", world.provider.reference, f'{{"proposal":{made.id},"source":"edit"}}') in told
    assert ("proposal_decided", world.commissioner.reference, f'{{"decision":"rejected","proposal":{made.id}}}') in told
    everything = " ".join(details for _event, _actor, details in told)
    assert "Room" not in everything
    assert world.unit.id not in everything
    assert "Alder" not in everything
