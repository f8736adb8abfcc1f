"""A newer proposal takes older ones of the same fields in; nothing that anybody wished is lost without a trace."""

import json

from hypothesis import given
from hypothesis import strategies as st

from directory.common.paging import Paging
from directory.editing.models import ProposalState
from directory.editing.proposals import my_proposals, proposal_for_author, withdraw
from directory.editing.reviewing import queue, read_review, reject, return_for_changes
from directory.editing.wishes import Said, Wish, Wishes, fold, read, without, written
from tests.editing.world import World


def wishes_of(world: World, proposal_id: int) -> dict[str, str]:
    """What a proposal would write."""
    return {column: wish.mine.wanted for column, wish in read(world.row(proposal_id).fields).items()}


def test_a_newer_proposal_takes_the_older_one_of_the_same_field_in(world: World) -> None:
    older = world.propose({"phone": "020 7946 0008", "hours": "Mo-Fr 09:00-17:00"}, world.colleague)

    newer = world.propose({"phone": "020 7946 0009"})

    assert newer.folded == (older.id,)
    assert world.row(older.id).state is ProposalState.FOLDED
    assert world.row(older.id).folded_into_id == newer.id
    # The newer wish stands, and the other field joins it.
    assert wishes_of(world, newer.id) == {"phone": "020 7946 0009", "hours": "Mo-Fr 09:00-17:00"}
    assert [line.id for line in queue(world.session, world.commissioner, Paging()).lines] == [newer.id]


def test_proposals_of_other_fields_stay_apart(world: World) -> None:
    older = world.propose({"hours": "Mo-Fr 09:00-17:00"}, world.colleague)

    newer = world.propose({"phone": "020 7946 0009"})

    assert newer.folded == ()
    assert world.row(older.id).state is ProposalState.PENDING


def test_returned_ones_are_taken_in_too(world: World) -> None:
    older = world.propose({"phone": "020 7946 0008"}, world.colleague)
    return_for_changes(world.session, older.id, "Which phone is that?", world.commissioner, world.now)

    assert world.propose({"phone": "020 7946 0009"}).folded == (older.id,)


def test_decided_ones_are_not(world: World) -> None:
    older = world.propose({"phone": "020 7946 0008"}, world.colleague)
    reject(world.session, older.id, "We keep the old one.", world.commissioner, world.now)

    assert world.propose({"phone": "020 7946 0009"}).folded == ()


def test_a_chain_of_proposals_ends_as_one(world: World) -> None:
    first = world.propose({"phone": "020 7946 0001", "min_age": "18"}, world.colleague)
    second = world.propose({"phone": "020 7946 0002", "hours": "Mo-Fr 09:00-17:00"})
    third = world.correct("hours", "Mo-Fr 10:00-16:00")

    assert wishes_of(world, third.id) == {
        "hours": "Mo-Fr 10:00-16:00",
        "min_age": "18",
        "phone": "020 7946 0002",
    }
    review = read_review(world.session, third.id, world.commissioner, world.now)
    assert [one.id for one in review.folded] == [first.id, second.id]
    # Whoever decides sees what the newest wishes win against.
    others = {field.column: [other.wanted for other in field.others] for field in review.fields}
    assert others == {"hours": ["Mo-Fr 09:00-17:00"], "phone": ["020 7946 0001"], "min_age": []}

    world.approve(third.id)

    assert (world.says("phone"), world.says("hours"), world.says("min_age")) == (
        "020 7946 0002",
        "Mo-Fr 10:00-16:00",
        "18",
    )
    lines = my_proposals(world.session, world.colleague, Paging()).lines
    assert {line.id: line.ended_as for line in lines} == dict.fromkeys(
        (first.id, second.id, third.id), ProposalState.APPROVED
    )


def test_taking_a_newer_one_back_lets_those_of_others_wait_again(world: World) -> None:
    theirs = world.propose({"phone": "020 7946 0001"}, world.colleague)
    asked = world.propose({"hours": "Mo-Fr 09:00-17:00"}, world.colleague)
    return_for_changes(world.session, asked.id, "At weekends too?", world.commissioner, world.now)
    mine = world.correct("phone", "020 7946 0002")
    newest = world.correct("phone", "020 7946 0003")
    world.propose({"hours": "Mo-Su 09:00-17:00"}, world.provider)

    withdraw(world.session, newest.id, world.officer, world.now)

    # The officer's own older one stays replaced; the provider's waits again, as if nobody had come after it.
    assert world.row(mine.id).state is ProposalState.FOLDED
    assert world.row(theirs.id).state is ProposalState.PENDING
    assert world.row(asked.id).state is ProposalState.FOLDED
    world.approve(theirs.id)
    assert world.says("phone") == "020 7946 0001"


def test_a_returned_one_is_returned_again_when_it_comes_back(world: World) -> None:
    asked = world.propose({"hours": "Mo-Fr 09:00-17:00"})
    return_for_changes(world.session, asked.id, "At weekends too?", world.commissioner, world.now)
    newer = world.correct("hours", "Mo-Su 09:00-17:00")

    withdraw(world.session, newer.id, world.officer, world.now)

    assert world.row(asked.id).state is ProposalState.RETURNED


def test_a_comment_reaches_the_authors_of_what_was_taken_in(world: World) -> None:
    older = world.propose({"phone": "020 7946 0008"})
    newer = world.correct("phone", "020 7946 0009")

    reject(world.session, newer.id, "Both are out of use.", world.commissioner, world.now)

    view = proposal_for_author(world.session, older.id, world.provider)
    assert (view.line.ended_as, view.comment) == (ProposalState.REJECTED, "Both are out of use.")
    assert (view.folded_into_id, view.may_withdraw) == (newer.id, False)


# The rule itself, against a reference that keeps everything that was ever said.

PEOPLE, COLUMNS = range(1, 4), "abc"
proposed = st.tuples(
    st.sampled_from(PEOPLE), st.dictionaries(st.sampled_from(COLUMNS), st.integers(0, 9).map(str), min_size=1)
)


def as_wishes(person: int, texts: dict[str, str]) -> Wishes:
    return {column: Wish(Said(person, "was", text)) for column, text in texts.items()}


def plainly(history: list[tuple[int, dict[str, str]]], column: str) -> list[tuple[int, str]]:
    """What people last said of a column, in the order in which they last said something."""
    last: dict[int, str] = {}
    for person, texts in history:
        if column in texts:
            last.pop(person, None)
            last[person] = texts[column]
    return list(last.items())


@given(st.lists(proposed, min_size=1, max_size=8))
def test_folding_is_what_everybody_said_last(history: list[tuple[int, dict[str, str]]]) -> None:
    folded: Wishes = {}
    for person, texts in history:
        folded = fold(as_wishes(person, texts), [folded])

    said = {column: [(one.by, one.wanted) for one in wish.everything] for column, wish in folded.items()}
    assert said == {column: expected for column in COLUMNS if (expected := plainly(history, column))}
    assert read(written(folded)) == folded


@given(st.lists(proposed, min_size=1, max_size=8), st.sampled_from(PEOPLE))
def test_what_one_takes_back_is_theirs_alone(history: list[tuple[int, dict[str, str]]], person: int) -> None:
    folded: Wishes = {}
    for author, texts in history:
        folded = fold(as_wishes(author, texts), [folded])

    left = without(folded, person)

    others = [(author, texts) for author, texts in history if author != person]
    said = {column: [(one.by, one.wanted) for one in wish.everything] for column, wish in left.items()}
    assert said == {column: expected for column in COLUMNS if (expected := plainly(others, column))}


def test_wishes_are_kept_as_readable_json(world: World) -> None:
    made = world.propose({"description": "Ein Haus für Frauen – offen."})

    kept = json.loads(world.row(made.id).fields)
    assert kept["description"][0][2] == "Ein Haus für Frauen – offen."
