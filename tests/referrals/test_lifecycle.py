"""The whole transition table: every move that is not in it is refused, whoever tries, through each function."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from directory.common.actor import SYSTEM, Actor
from directory.common.errors import DomainError, NotAllowedError, NotFoundError
from directory.referrals import lifecycle, privacy
from directory.referrals import service as referrals
from directory.referrals.lifecycle import MOVES, OUTCOMES, MoveRefusedError, may_move, move
from directory.referrals.models import Referral, ReferralStep
from directory.referrals.stored import NO_SUCH
from directory.referrals.vocabulary import DeclinedBy, DeclineReason, Party, ReferralState, StepState
from tests import factories
from tests.referrals.world import CONTACT, Place, World, actor_of

S = ReferralState
EVERY_MOVE = list(itertools.product(S, S, Party))


def told() -> set[tuple[S, S, Party]]:
    """The life of a referral as the issue tells it, written down again by hand."""
    referrer, provider, system = Party.REFERRER, Party.PROVIDER, Party.SYSTEM
    moves = {(S.DRAFT, S.SENT, referrer), (S.DRAFT, S.WITHDRAWN, referrer), (S.DRAFT, S.WITHDRAWN, system)}
    moves |= {(S.SENT, S.SEEN, provider)}
    for asked in (S.SENT, S.SEEN):
        moves |= {(asked, S.ACCEPTED, provider), (asked, S.DECLINED, provider)}
        moves |= {(asked, S.EXPIRED, system), (asked, S.WITHDRAWN, referrer)}
    for party in (referrer, system):
        moves |= {(before, S.SENT, party) for before in (S.DECLINED, S.EXPIRED)}
        ended = (S.DECLINED, S.EXPIRED, S.ARRIVED, S.DID_NOT_ARRIVE, S.WITHDRAWN)
        moves |= {(before, S.CLOSED, party) for before in ended}
    for party in (referrer, provider):
        moves |= {(S.ACCEPTED, S.ARRIVED, party), (S.ACCEPTED, S.DID_NOT_ARRIVE, party)}
    return moves | {(S.ACCEPTED, S.WITHDRAWN, referrer), (S.ACCEPTED, S.CLOSED, system)}


def test_the_table_is_the_life_of_a_referral() -> None:
    assert {one for one in EVERY_MOVE if may_move(*one)} == told()


def test_every_other_move_is_refused(now: datetime) -> None:
    for before, after, party in EVERY_MOVE:
        referral = Referral(state=before, steps=[], moves=[], due_at=now)
        if (before, after, party) in told():
            move(referral, after, party, now, due_at=now + timedelta(hours=1))
            assert (referral.state, len(referral.moves)) == (after, 1)
            assert (referral.due_at is None) == (after in OUTCOMES) == (referral.ended_at is not None)
        else:
            with pytest.raises(MoveRefusedError):
                move(referral, after, party, now)
            assert (referral.state, referral.moves, referral.due_at) == (before, [], now)


def test_every_state_but_the_last_leads_on_and_each_is_reached() -> None:
    leads_on = {before for before, _ in MOVES}
    reached = {after for _, after in MOVES}

    assert set(S) - leads_on == {S.CLOSED}
    assert set(S) - reached == {S.DRAFT}


@dataclass
class Cast:
    """A referral in each state, to the second place of its plan, and everybody who might try something with it."""

    world: World
    first: Place
    second: Place
    reference: dict[ReferralState, str]
    people: dict[str, Actor]


@pytest.fixture
def cast(world: World) -> Cast:
    """Every referral but the draft was declined by the first place; those from `sent` on then asked the second."""
    first, second = world.place(units=len(S)), world.place(units=len(S))
    made: dict[ReferralState, str] = {}
    for number, state in enumerate(S):
        reference = world.draft(first.option_of(number), second.option_of(number))
        made[state] = reference
        if state is not S.DRAFT:
            world.send(reference)
            world.decline(reference, first.staff)
            world.next(reference)
            _bring_to(world, second, reference, state)
    session = world.session
    people = {
        "author": world.officer,
        "asked": second.staff,
        "colleague of asked": actor_of(
            factories.user(session, "provider", organisation_id=second.service.organisation_id)
        ),
        "asked before": first.staff,
        "other provider": world.place(units=0).staff,
        **{f"other {role}": actor_of(factories.user(session, role)) for role in ("officer", "advocate")},
        **{role: actor_of(factories.user(session, role)) for role in ("commissioner", "auditor", "administrator")},
        # Belonging to the organisation is not enough: only its staff answer.
        "commissioner there": Actor(987, "commissioner", second.service.organisation_id),
        "provider of nowhere": Actor(988, "provider", None),
        "nobody": Actor(None, "officer"),
        "the system": SYSTEM,
    }
    session.commit()
    return Cast(world, first, second, made, people)


def _bring_to(world: World, second: Place, reference: str, state: ReferralState) -> None:
    if state in (S.ACCEPTED, S.ARRIVED, S.DID_NOT_ARRIVE):
        world.accept(reference, second.staff)
    if state in (S.ARRIVED, S.DID_NOT_ARRIVE):
        world.arrival(reference, second.staff, arrived=state is S.ARRIVED)
    elif state is S.SEEN:
        world.see(reference, second.staff)
    elif state in (S.DECLINED, S.CLOSED):
        world.decline(reference, second.staff)
    elif state is S.WITHDRAWN:
        world.withdraw(reference)
    if state is S.CLOSED:
        world.close(reference)


def actions(world: World, other: Place) -> dict[str, Callable[[str, Actor], object]]:
    """Everything that can be done with a referral, by the names of its functions."""
    session, keystore, now, moment = world.session, world.keystore, world.now, world.moment
    no = (DeclinedBy.PROVIDER, DeclineReason.OTHER)
    plan = [other.option]
    face = referrals
    return {
        "change": lambda ref, who: face.change_draft(
            session, keystore, ref, who, world.content(), CONTACT, plan, moment
        ),
        "send": lambda ref, who: face.send_referral(session, keystore, ref, who, moment),
        "next": lambda ref, who: face.take_next_step(session, keystore, ref, who, moment),
        "choose": lambda ref, who: face.choose_next(session, keystore, ref, who, plan, moment),
        "withdraw": lambda ref, who: face.withdraw_referral(session, keystore, ref, who, now),
        "close": lambda ref, who: face.close_referral(session, keystore, ref, who, now),
        "see": lambda ref, who: face.see_referral(session, keystore, ref, who, now),
        "accept": lambda ref, who: face.accept_referral(session, keystore, ref, who, now),
        "decline": lambda ref, who: face.decline_referral(session, keystore, ref, who, *no, moment),
        "arrived": lambda ref, who: face.record_arrival(session, keystore, ref, who, now, arrived=True),
        "did not arrive": lambda ref, who: face.record_arrival(session, keystore, ref, who, now, arrived=False),
        "view as referrer": lambda ref, who: privacy.view_for_referrer(session, keystore, ref, who, now),
        "view as provider": lambda ref, who: privacy.view_for_provider(session, keystore, ref, who, now),
        "read draft": lambda ref, who: face.read_draft(session, keystore, ref, who, now),
    }


AUTHORS = ("change", "send", "next", "choose", "withdraw", "close")
PROVIDERS = ("see", "accept", "decline")
ARRIVALS = ("arrived", "did not arrive")
# What is left of `MOVES` once each function has its own state to lead to; doing it again is no error.
ALLOWED = {
    "change": {S.DRAFT},
    "send": {S.DRAFT, S.SENT, S.SEEN},
    # The plan of a referral that was declined here has no further step, which is refused in other words.
    "next": set(),
    "choose": {S.DECLINED},
    "withdraw": {S.DRAFT, S.SENT, S.SEEN, S.ACCEPTED, S.WITHDRAWN},
    "close": {S.DECLINED, S.ARRIVED, S.DID_NOT_ARRIVE, S.WITHDRAWN, S.CLOSED},
    "see": {S.SENT, S.SEEN},
    "accept": {S.SENT, S.SEEN, S.ACCEPTED},
    "decline": {S.SENT, S.SEEN},
    "arrived": {S.ACCEPTED, S.ARRIVED},
    "did not arrive": {S.ACCEPTED, S.DID_NOT_ARRIVE},
}


def outcome_of(world: World, do: Callable[[str, Actor], object], reference: str, who: Actor) -> str:
    """What comes of it, of which nothing is kept: `done`, or the words of the refusal."""
    savepoint = world.session.begin_nested()
    try:
        do(reference, who)
    except DomainError as error:
        return f"{type(error).__name__}: {error}"
    finally:
        savepoint.rollback()
        world.session.expire_all()
    return "done"


def test_each_function_refuses_whatever_is_not_in_the_table(cast: Cast) -> None:
    world, found = cast.world, []
    every = actions(world, world.place(units=0))
    for (name, do), state in itertools.product(every.items(), set(S) - {S.EXPIRED}):
        if name not in ALLOWED:
            continue
        for who in ("author", "asked", "colleague of asked"):
            outcome = outcome_of(world, do, cast.reference[state], cast.people[who])
            found.append((name, state, who, outcome.partition(":")[0]))

    assert [one for one in found if one[3] != _expected(*one[:3])] == []


def _expected(name: str, state: ReferralState, who: str) -> str:
    is_author = who == "author"
    if state is S.DRAFT and not is_author:
        return "NotFoundError"
    if name in (PROVIDERS if is_author else AUTHORS):
        return "NotAllowedError"
    if state in ALLOWED[name]:
        return "done"
    return "NobodyToAskError" if name == "next" and state is S.DECLINED else "MoveRefusedError"


def test_a_referral_that_ran_out_waits_for_its_author_alone(cast: Cast) -> None:
    world, reference = cast.world, cast.reference[S.EXPIRED]
    world.advance(minutes=60)
    every = actions(world, world.place(units=0))

    done = {
        (name, who)
        for (name, do), who in itertools.product(every.items(), cast.people)
        if name in ALLOWED and outcome_of(world, do, reference, cast.people[who]) == "done"
    }

    assert done == {("choose", "author"), ("close", "author")}
    refused = outcome_of(world, every["accept"], reference, cast.people["asked"])
    assert refused == "MoveRefusedError: That is not possible any more: this referral was not answered in time."


def test_strangers_are_told_the_same_as_of_a_referral_that_is_not_there(cast: Cast) -> None:
    world = cast.world
    strangers = set(cast.people) - {"author", "asked", "colleague of asked"}
    every = actions(world, world.place(units=0))

    found = {
        outcome_of(world, do, reference, cast.people[who])
        for do, who in itertools.product(every.values(), strangers)
        for reference in (*(cast.reference[state] for state in (S.DRAFT, S.SENT, S.ACCEPTED, S.CLOSED)), "BCDFGHJKLM")
    }

    assert found == {f"NotFoundError: {NO_SUCH}"}


def test_looking_is_for_the_two_sides_alone_and_each_sees_its_own(cast: Cast) -> None:
    world = cast.world
    every = actions(world, world.place(units=0))
    sent = [reference for state, reference in cast.reference.items() if state is not S.DRAFT]

    for reference in sent:
        assert outcome_of(world, every["view as referrer"], reference, cast.people["author"]) == "done"
        assert outcome_of(world, every["view as provider"], reference, cast.people["asked"]) == "done"
        for name, who in (("view as provider", "author"), ("view as referrer", "asked"), ("read draft", "asked")):
            assert outcome_of(world, every[name], reference, cast.people[who]) == f"NotFoundError: {NO_SUCH}"
    draft = cast.reference[S.DRAFT]
    assert outcome_of(world, every["view as provider"], draft, cast.people["asked"]).startswith("NotFoundError")


def test_lists_hold_ones_own_alone(cast: Cast) -> None:
    world, people = cast.world, cast.people
    mine = {who: len(privacy.referrals_of(world.session, actor, world.now)) for who, actor in people.items()}
    inboxes = {
        who: {line.reference for line in privacy.inbox_of(world.session, actor, world.now)}
        for who, actor in people.items()
    }

    assert mine == {**dict.fromkeys(people, 0), "author": len(S)}
    asked = {cast.reference[state] for state in (S.SENT, S.SEEN, S.ACCEPTED, S.EXPIRED)}
    assert inboxes == {who: asked if who in ("asked", "colleague of asked") else set() for who in people}


def test_a_refused_action_changes_nothing(cast: Cast) -> None:
    world, reference = cast.world, cast.reference[S.ACCEPTED]
    before = world.session.execute(text("SELECT * FROM referral_moves ORDER BY 1, 2")).all()

    for name, do in actions(world, cast.first).items():
        if name in ("decline", "next", "choose", "close"):
            with pytest.raises((MoveRefusedError, NotAllowedError, NotFoundError)):
                world.act(lambda do=do: do(reference, cast.people["asked before"]))

    assert world.session.execute(text("SELECT * FROM referral_moves ORDER BY 1, 2")).all() == before


def test_the_database_refuses_an_open_referral_that_waits_for_nobody(cast: Cast) -> None:
    session = cast.world.session
    for column, value in (("due_at", None), ("ended_at", cast.world.now)):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(
                Referral.__table__.update().where(Referral.reference == cast.reference[S.SENT]).values({column: value})
            )


def test_the_database_refuses_two_steps_that_are_asked_at_once(cast: Cast) -> None:
    session, now = cast.world.session, cast.world.now
    step = session.scalars(
        select(ReferralStep)
        .join(Referral, Referral.id == ReferralStep.referral_id)
        .where(Referral.reference == cast.reference[S.SENT], ReferralStep.position == 1)
    ).one()

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            ReferralStep.__table__.update()
            .where(ReferralStep.referral_id == step.referral_id, ReferralStep.position == 1)
            .values(state=StepState.WAITING, sent_at=now, deadline=now, declined_by=None, decline_reason=None)
        )


def test_the_matrix_bites(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a table that lets anybody do anything, what is refused above is done."""
    monkeypatch.setattr(lifecycle, "may_move", lambda *_: True)
    every = actions(cast.world, cast.world.place(units=0))

    closed = outcome_of(cast.world, every["close"], cast.reference[S.ACCEPTED], cast.people["author"])

    assert closed == "done"
