"""What of a proposal's texts may be stored: everything that a listing legitimately says, and nothing of a case."""

import pytest
from sqlalchemy import select

from directory.common.errors import InvalidInputError
from directory.editing import texts
from directory.editing.columns import COLUMNS, FieldInput, Screened
from directory.editing.models import Proposal
from directory.screening.service import LONGEST, Screening
from tests.editing.world import ORGANISATION, SERVICE, World

CASES = [
    ("description", "Ask for Mrs Begum at the door."),
    ("description", "Run by Dr. Patel."),
    ("description", "Her son was born on 12/03/1990."),
    ("description", "Write to us about case QQ 12 34 56 C."),
    ("name", "House of Mrs Begum"),
    ("hours", 'Mo-Fr 09:00-17:00 "ask for Mrs Begum"'),
]


def kept(world: World) -> str:
    """Everything that is kept of proposals."""
    return " ".join(world.session.scalars(select(Proposal.fields)))


@pytest.mark.parametrize(("column", "text"), CASES)
@pytest.mark.parametrize("who", ["officer", "provider"])
def test_what_no_listing_needs_is_not_stored(world: World, who: str, column: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.correct(column, text, getattr(world, who))

    assert [problem.field for problem in error.value.problems] == [column]
    assert kept(world) == ""


def test_nor_when_a_provider_proposes_it_in_the_ordinary_way(world: World) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.propose({"description": "Ask for Mrs Begum.", "phone": "020 7946 0009"})

    [problem] = error.value.problems
    assert "name" in problem.message
    assert "Begum" not in str(error.value)
    assert kept(world) == ""


def test_the_test_bites(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the screen each of those would be stored."""
    monkeypatch.setattr(texts, "_STOPPED", dict.fromkeys(Screened, frozenset()))

    for column, text in CASES:
        world.correct(column, text)

    assert "Begum" in kept(world)
    assert "1990" in kept(world)


def tells_in_words_of_its_own(world: World) -> None:
    world.correct("phone", "020 7946 0009", explanation="Mrs Begum, an overstayer, told me on 07700 900123.")


def test_an_explanation_is_not_stored_either(world: World) -> None:
    with pytest.raises(InvalidInputError) as error:
        tells_in_words_of_its_own(world)

    assert {problem.field for problem in error.value.problems} == {"explanation"}
    assert len(error.value.problems) == 3
    assert world.session.scalars(select(Proposal.explanation)).all() == []


def test_that_test_bites(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "screen", lambda _text, **_options: Screening(()))

    tells_in_words_of_its_own(world)

    assert "Begum" in world.session.scalars(select(Proposal.explanation)).one()


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("description", "We take women with no recourse to public funds, whatever their visa says."),
        ("description", "Ring 020 7946 0123 or write to desk@example.org. We are near Hackney Central."),
        ("description", "For Somali, Turkish and Kurdish women; @rowanhouse on social media."),
        ("description", "Founded in 1987 by women of the estate, with a crèche and a garden."),
        ("phone", "020 7946 0123"),
        ("referral_email", "rowan.house@example.org"),
        ("hours", "Mo-Fr 09:00-17:00; PH off"),
        ("accepts_nrpf", "yes"),
        ("languages", "so;tr"),
    ],
)
def test_what_a_listing_legitimately_says_passes(world: World, column: str, text: str) -> None:
    world.approve(world.correct(column, text).id)

    assert world.says(column) == text


@pytest.mark.parametrize(
    ("column", "text"),
    [("charity_number", "1075678"), ("website", "https://www.example.org"), ("email", "hello@example.org")],
)
def test_so_does_what_an_organisation_says(world: World, column: str, text: str) -> None:
    made = world.correct(column, text, kind=ORGANISATION, listing_id=world.organisation.id)

    world.approve(made.id)
    assert world.says(column, ORGANISATION, world.organisation.id) == text


def test_a_charity_number_is_a_number_and_no_name(world: World) -> None:
    with pytest.raises(InvalidInputError):
        world.correct("charity_number", "Mrs Begum", kind=ORGANISATION, listing_id=world.organisation.id)


def test_a_public_postcode_passes_where_it_belongs(world: World) -> None:
    """The screen would stop it anywhere else; of a secret place the catalogue's own check refuses it."""
    world.service.location_disclosure = "public"  # type: ignore[assignment]
    world.session.flush()

    made = world.correct("postcode", "E8 3PN")

    assert "E8 3PN" in world.row(made.id).fields


def test_commissioners_answer_for_what_they_publish(world: World) -> None:
    world.approve(world.propose({"description": "Patron: Dame Alder. " + "x" * 20}, world.commissioner).id)

    assert world.says("description").startswith("Patron")
    # What is published already is nobody's fault who mends something else in it.
    world.approve(world.correct("description", "Patron: Dame Alder, since 2020.").id)


def test_what_is_too_long_to_be_screened_is_refused(world: World) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.correct("description", "word " * (LONGEST // 5) + "Mrs Begum")

    assert [problem.field for problem in error.value.problems] == ["description"]
    assert kept(world) == ""


def test_every_free_text_is_screened_and_nothing_else_is(world: World) -> None:
    """A new column of free text must say which part of the screen it has to pass."""
    unscreened = {
        (kind, spec.column)
        for kind, specs in COLUMNS.items()
        for spec in specs
        if spec.input in (FieldInput.LINE, FieldInput.PARAGRAPHS) and spec.screened is Screened.NO
    }

    # A postcode takes nothing but a postcode.
    assert unscreened == {(SERVICE, "postcode")}
