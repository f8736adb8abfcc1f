"""Proposing changes: who may, what stays visible, what is checked, and two people at once."""

import pytest
from sqlalchemy import func, select

from directory.accounts.models import User
from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.catalogue.models import Service
from directory.common.actor import SYSTEM
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.common.paging import Paging
from directory.editing.errors import ChangedMeanwhileError, NothingToProposeError
from directory.editing.models import Proposal, ProposalState
from directory.editing.proposals import listing_to_edit, my_proposals, proposal_for_author, withdraw
from directory.editing.reviewing import reject, return_for_changes
from tests import factories
from tests.editing.world import ORGANISATION, SERVICE, UNIT, World, actor_of


def proposals(world: World) -> int:
    return world.session.scalar(select(func.count(Proposal.id))) or 0


def fields_named(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [problem.field for problem in error.value.problems]


def test_the_approved_version_stays_visible_until_the_new_one_is_approved(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"})

    assert world.says("phone") == "020 7946 0000"
    change = world.approve(made.id)

    assert world.says("phone") == "020 7946 0009"
    assert world.row(made.id).change_id == change
    assert world.row(made.id).state is ProposalState.APPROVED


def test_only_what_was_changed_is_proposed(world: World) -> None:
    form = dict(listing_to_edit(world.session, SERVICE, world.service.id, world.provider).values)
    wanted = {column: form[column] for column in ("name", "needs", "hours")} | {"phone": " 020 7946 0009 "}

    made = world.propose(wanted)

    view = proposal_for_author(world.session, made.id, world.provider)
    assert [(field.column, field.was, field.wanted) for field in view.fields] == [
        ("phone", "020 7946 0000", "020 7946 0009")
    ]
    assert view.fields[0].by == "you"


def test_the_same_items_in_another_order_are_no_change(world: World) -> None:
    world.approve(world.propose({"languages": "tr;so"}).id)

    with pytest.raises(NothingToProposeError):
        world.propose({"languages": "tr; so;"})


def test_a_provider_keeps_its_own_organisation_only(world: World) -> None:
    stranger = actor_of(factories.user(world.session, "provider"))

    with pytest.raises(NotFoundError):
        world.propose({"phone": "020 7946 0009"}, stranger)
    with pytest.raises(NotFoundError):
        world.propose({"name": "Room 2"}, stranger, kind=UNIT, listing_id=world.unit.id)
    assert proposals(world) == 0


@pytest.mark.parametrize("who", ["officer", "advocate"])
def test_those_who_refer_suggest_corrections_instead(world: World, who: str) -> None:
    with pytest.raises(NotAllowedError):
        world.propose({"phone": "020 7946 0009"}, getattr(world, who))


def test_the_system_proposes_nothing(world: World) -> None:
    with pytest.raises(NotAllowedError):
        world.propose({"phone": "020 7946 0009"}, SYSTEM)


@pytest.mark.parametrize("column", ["ringfence", "programme", "active_from", "active_until", "state", "confirmed_at"])
def test_what_is_the_commissioners_own_is_not_a_providers_to_propose(world: World, column: str) -> None:
    with pytest.raises(NotAllowedError):
        world.propose({column: "none"}, kind=UNIT, listing_id=world.unit.id)
    assert proposals(world) == 0


@pytest.mark.parametrize("column", ["status", "verified_on", "id", "organisation_id"])
def test_nor_are_status_verification_and_owners(world: World, column: str) -> None:
    with pytest.raises(NotAllowedError):
        world.propose({column: "draft"})


@pytest.mark.parametrize("column", ["status", "id", "organisation_id"])
def test_a_commissioner_changes_those_on_other_ways(world: World, column: str) -> None:
    with pytest.raises(NotAllowedError):
        world.propose({column: "published"}, world.commissioner)


def test_a_commissioner_proposes_the_contract_of_a_unit(world: World) -> None:
    made = world.propose({"active_from": "2026-04-01"}, world.commissioner, kind=UNIT, listing_id=world.unit.id)

    world.approve(made.id)

    assert world.says("active_from", UNIT, world.unit.id) == "2026-04-01"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("needs", ""),
        ("needs", "no-such-need"),
        ("phone", "12"),
        ("referral_email", "not an address"),
        ("hours", "whenever"),
        ("min_age", "-1"),
        ("min_age", "two"),
        ("accepts_nrpf", "perhaps"),
        ("areas", "E09999999"),
        ("borough", "Hackney"),
        ("languages", "klingon"),
        ("genders", "woman;dog"),
        ("kind", "hotel"),
        ("response_target_minutes", "0"),
        ("description", "A\x00house"),
        # A place that people may have to hide in (firewall, rule 6): the same refusals as on every other way.
        ("postcode", "E8 3PN"),
        ("description", "At 12 Mare Street."),
    ],
)
def test_a_wrong_value_is_named_by_its_field_and_nothing_is_kept(world: World, column: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.propose({"phone": "020 7946 0009"} | {column: text})

    assert column in fields_named(error)
    assert proposals(world) == 0


def test_every_wrong_field_is_named_at_once(world: World) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.propose({"referral_email": "desk", "phone": "12"})

    assert fields_named(error) == ["phone", "referral_email"]


def test_two_values_that_do_not_go_together_are_named(world: World) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.propose({"min_age": "40", "max_age": "30"})

    assert fields_named(error) == ["max_age"]


def test_a_published_listing_keeps_what_nothing_is_published_without(world: World) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.propose({"description": "", "hours": ""})

    assert fields_named(error) == ["description", "hours"]
    assert "published" in error.value.problems[0].message


@pytest.mark.parametrize(
    "explanation",
    ["Mrs Begum told me.", "She is an overstayer.", "Ring 07700 900123.", "DOB 12/03/1990", "x" * 501, "a\x00b"],
)
def test_an_explanation_that_the_screen_stops_is_not_kept(world: World, explanation: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.propose({"phone": "020 7946 0009"}, explanation=explanation)

    assert set(fields_named(error)) == {"explanation"}
    assert proposals(world) == 0


def test_an_explanation_may_name_the_catalogues_own_listings(world: World) -> None:
    made = world.propose({"phone": "020 7946 0009"}, explanation="Rowan Collective has moved to another provider.")

    assert world.row(made.id).explanation.startswith("Rowan Collective")


# Two people at once.


def test_a_field_that_somebody_else_changed_meanwhile_is_shown_with_both_values(world: World) -> None:
    seen = world.number()
    world.approve(world.propose({"phone": "020 7946 0008"}, world.colleague).id)

    with pytest.raises(ChangedMeanwhileError) as error:
        world.propose({"phone": "020 7946 0009"}, base_version=seen)

    [conflict] = error.value.conflicts
    assert (conflict.label, conflict.was, conflict.now_is, conflict.yours) == (
        "Phone",
        "020 7946 0000",
        "020 7946 0008",
        "020 7946 0009",
    )
    assert error.value.number == world.number()
    # Having seen that, they may ask again.
    made = world.propose({"phone": "020 7946 0009"}, base_version=error.value.number)
    world.approve(made.id)
    assert world.says("phone") == "020 7946 0009"


def test_fields_that_others_changed_meanwhile_are_kept(world: World) -> None:
    form = dict(listing_to_edit(world.session, SERVICE, world.service.id, world.provider).values)
    seen = world.number()
    world.approve(world.propose({"phone": "020 7946 0008"}, world.colleague).id)
    # The form sends everything that it showed.
    wanted = {"phone": form["phone"], "hours": "Mo-Fr 09:00-17:00"}

    world.approve(world.propose(wanted, base_version=seen, base=form).id)

    assert (world.says("phone"), world.says("hours")) == ("020 7946 0008", "Mo-Fr 09:00-17:00")


def test_what_both_changed_alike_is_no_conflict(world: World) -> None:
    seen = world.number()
    world.approve(world.propose({"phone": "020 7946 0008"}, world.colleague).id)

    with pytest.raises(NothingToProposeError):
        world.propose({"phone": "020 7946 0008"}, base_version=seen)
    made = world.propose({"phone": "020 7946 0008", "hours": "Mo 09:00-10:00"}, base_version=seen)
    assert [one.column for one in proposal_for_author(world.session, made.id, world.provider).fields] == ["hours"]


def test_a_listing_without_a_history_was_seen_as_it_was_found(world: World) -> None:
    """Before its first change a listing has no version; the form then showed what is kept as found."""
    assert world.number() == 0
    world.approve(world.propose({"phone": "020 7946 0008"}, world.colleague, base_version=0).id)

    with pytest.raises(ChangedMeanwhileError):
        world.propose({"phone": "020 7946 0009"}, base_version=0)


def test_a_version_that_nobody_can_have_seen_is_refused(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.propose({"phone": "020 7946 0009"}, base_version=77)


# What becomes of one's own proposals.


def test_a_returned_proposal_is_changed_by_proposing_again(world: World) -> None:
    first = world.propose({"phone": "020 7946 0008", "hours": "Mo-Fr 09:00-17:00"})
    return_for_changes(world.session, first.id, "Which phone is that?", world.commissioner, world.now)
    view = proposal_for_author(world.session, first.id, world.provider)
    assert (view.line.state, view.comment, view.may_change) == (ProposalState.RETURNED, "Which phone is that?", True)

    second = world.propose({"phone": "020 7946 0009"}, replaces=first.id)

    assert world.row(first.id).state is ProposalState.FOLDED
    # The hours were left out this time, so they are wished no more.
    assert [one.column for one in proposal_for_author(world.session, second.id, world.provider).fields] == ["phone"]


def test_nobody_replaces_somebody_elses_proposal(world: World) -> None:
    first = world.propose({"phone": "020 7946 0008"}, world.colleague)

    with pytest.raises(NotFoundError):
        world.propose({"hours": "Mo-Fr 09:00-17:00"}, replaces=first.id)


def test_nor_one_that_was_decided_meanwhile(world: World) -> None:
    first = world.propose({"phone": "020 7946 0008"})
    reject(world.session, first.id, "We keep the old one.", world.commissioner, world.now)

    with pytest.raises(RefusedError, match="decided meanwhile"):
        world.propose({"hours": "Mo-Fr 09:00-17:00"}, replaces=first.id)


def test_one_takes_back_ones_own_and_only_while_it_waits(world: World) -> None:
    made = world.propose({"phone": "020 7946 0008"})
    with pytest.raises(NotFoundError):
        withdraw(world.session, made.id, world.colleague, world.now)

    withdraw(world.session, made.id, world.provider, world.now)

    assert world.row(made.id).state is ProposalState.WITHDRAWN
    flush_audit(world.session)
    told = world.session.execute(select(AuditEntry.event, AuditEntry.details)).all()[-1]
    assert told == ("proposal_decided", f'{{"decision":"withdrawn","proposal":{made.id}}}')
    with pytest.raises(RefusedError):
        withdraw(world.session, made.id, world.provider, world.now)
    assert world.session.get_one(Service, world.service.id).phone == "020 7946 0000"


def test_staff_see_what_was_proposed_for_their_organisation_and_nobody_else_does(world: World) -> None:
    mine = world.propose({"phone": "020 7946 0008"})
    theirs = world.correct("hours", "Mo-Fr 09:00-17:00")

    seen = my_proposals(world.session, world.colleague, Paging())
    assert [line.id for line in seen.lines] == [theirs.id, mine.id]
    name = world.session.get_one(User, world.provider.user_id).name
    assert [line.author for line in seen.lines] == ["a police officer", name]
    assert [line.id for line in my_proposals(world.session, world.officer, Paging()).lines] == [theirs.id]
    with pytest.raises(NotFoundError):
        proposal_for_author(world.session, mine.id, world.officer)
    with pytest.raises(NotFoundError):
        proposal_for_author(world.session, mine.id, world.advocate)


def test_lists_come_in_pages(world: World) -> None:
    for number in range(3):
        world.propose({"phone": f"020 7946 010{number}"})

    page = my_proposals(world.session, world.provider, Paging(page=2, per_page=2))

    assert (len(page.lines), page.total) == (1, 3)
    assert page.lines[0].ended_as is ProposalState.PENDING
    assert page.lines[0].listing_name == "Rowan House"


def test_an_organisation_is_edited_as_a_service_is(world: World) -> None:
    made = world.propose({"website": "https://www.example.org"}, kind=ORGANISATION, listing_id=world.organisation.id)

    world.approve(made.id)

    assert world.says("website", ORGANISATION, world.organisation.id) == "https://www.example.org"
