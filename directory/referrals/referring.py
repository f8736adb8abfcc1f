"""What the referrer does with a referral: write it, send it, choose what comes after a no, take it back, close it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.capacity.availability import Moment
from directory.capacity.models import Unit
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ServiceKind
from directory.common.actor import Actor
from directory.common.errors import FieldProblem, InvalidInputError, NotAllowedError
from directory.messaging.kinds import MessageKind
from directory.referrals import notices
from directory.referrals.contact_keys import keep_contact
from directory.referrals.content import Content, check_contact, check_content
from directory.referrals.keystore import Keystore
from directory.referrals.lifecycle import MoveRefusedError, note_move
from directory.referrals.models import LONGEST_PLAN, Referral, ReferralStep
from directory.referrals.routing import ask_next, asked_step, last_asked
from directory.referrals.safe_contact import SafeContact
from directory.referrals.stored import conclude, note, open_for
from directory.referrals.turns import DRAFT_LASTS
from directory.referrals.vocabulary import Party, ReferralState, StepState

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""Of references: no vowels, so that none is a word, and nothing that is read for something else."""
REFERENCE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Option:
    """A service to ask, and for a refuge the unit to hold for it, by their ids."""

    service_id: str
    unit_id: str | None = None


def draft_referral(
    session: Session,
    keystore: Keystore,
    actor: Actor,
    content: Content,
    contact: SafeContact,
    plan: Sequence[Option],
    moment: Moment,
) -> str:
    """Write a referral that is not sent yet; returns its reference. `plan` has the services to ask, in order.

    Of one unit that is held there is one draft: a double tap writes the same one anew. Raises InvalidInputError for
    content or a plan that cannot be.
    """
    earlier = _draft_of(session, actor, plan, moment.now)
    if earlier is not None:
        change_draft(session, keystore, earlier, actor, content, contact, plan, moment)
        return earlier
    check_content(session, content, moment.now)
    check_contact(session, contact)
    _check_plan(session, plan)
    referral = Referral(
        reference=_new_reference(),
        author_id=_user_id(actor),
        state=ReferralState.DRAFT,
        created_at=moment.now,
        due_at=moment.now + DRAFT_LASTS,
        steps=_steps(plan),
        **_columns(content),
    )
    note_move(referral, None, ReferralState.DRAFT, Party.REFERRER, moment.now, None)
    session.add(referral)
    session.flush()
    keep_contact(session, keystore, referral, contact, moment.now)
    note(session, Event.REFERRAL_DRAFTED, actor, referral, referral.steps[0], moment.now)
    return referral.reference


def _draft_of(session: Session, actor: Actor, plan: Sequence[Option], now: datetime) -> str | None:
    """The draft that this person has of the unit that the plan begins with, by its reference."""
    if not plan or plan[0].unit_id is None:
        return None
    return session.scalar(
        select(Referral.reference)
        .join(ReferralStep, ReferralStep.referral_id == Referral.id)
        .where(
            Referral.author_id == actor.user_id,
            Referral.state == ReferralState.DRAFT,
            Referral.due_at > now,
            ReferralStep.position == 1,
            ReferralStep.unit_id == plan[0].unit_id,
        )
        .order_by(Referral.id.desc())
        .limit(1)
    )


def change_draft(
    session: Session,
    keystore: Keystore,
    reference: str,
    actor: Actor,
    content: Content,
    contact: SafeContact,
    plan: Sequence[Option],
    moment: Moment,
) -> None:
    """Write a draft anew.

    Raises NotFoundError, InvalidInputError, and MoveRefusedError once it has been sent.
    """
    referral = _for_referrer(session, keystore, reference, actor, moment.now)
    if referral.state is not ReferralState.DRAFT:
        raise MoveRefusedError(referral.state)
    check_content(session, content, moment.now)
    check_contact(session, contact)
    _check_plan(session, plan)
    for name, value in _columns(content).items():
        setattr(referral, name, value)
    referral.steps.clear()
    session.flush()
    referral.steps.extend(_steps(plan))
    session.flush()
    keep_contact(session, keystore, referral, contact, moment.now)


def send_referral(session: Session, keystore: Keystore, reference: str, actor: Actor, moment: Moment) -> None:
    """Send a draft to the first service of its plan that can be asked.

    Sending what has been sent is no error: a double tap sends once. Raises NotFoundError; NobodyToAskError where no
    service of the plan has a space any more: roll back then. MoveRefusedError where the draft is too old.
    """
    referral = _for_referrer(session, keystore, reference, actor, moment.now)
    if referral.sent_at is not None and referral.state in (ReferralState.SENT, ReferralState.SEEN):
        return
    if referral.state is not ReferralState.DRAFT:
        raise MoveRefusedError(referral.state)
    ask_next(session, referral, Party.REFERRER, actor, moment)


def take_next_step(
    session: Session, keystore: Keystore, reference: str, actor: Actor, moment: Moment, *, agreed: bool = False
) -> None:
    """After a no or silence, ask the next service of the plan. With `agreed` she has just said yes to what comes next.

    Raises NotFoundError, NobodyToAskError (roll back then), MoveRefusedError where it is not the referrer's turn;
    NotAllowedError where the victim has not agreed to the services that come next.
    """
    referral = _for_referrer(session, keystore, reference, actor, moment.now)
    if referral.state not in (ReferralState.DECLINED, ReferralState.EXPIRED):
        raise MoveRefusedError(referral.state)
    if agreed:
        _agree(referral, moment.now)
    if not referral.consent_covers_plan:
        raise NotAllowedError("She has agreed to the first service only. Ask her, then confirm it here.")
    ask_next(session, referral, Party.REFERRER, actor, moment)


def choose_next(
    session: Session, keystore: Keystore, reference: str, actor: Actor, options: Sequence[Option], moment: Moment
) -> None:
    """After a no or silence, put other services in place of what is left of the plan, and ask the first.

    For what the referrer found in a new search, with the victim's consent. Raises as `take_next_step`, and
    InvalidInputError for more than the five services that a referral may ask.
    """
    referral = _for_referrer(session, keystore, reference, actor, moment.now)
    if referral.state not in (ReferralState.DECLINED, ReferralState.EXPIRED):
        raise MoveRefusedError(referral.state)
    # What was planned and never asked makes room: else a full plan could not be changed after its first no.
    del referral.steps[last_asked(referral).position :]
    session.flush()
    first = len(referral.steps) + 1
    if first - 1 + len(options) > LONGEST_PLAN:
        raise InvalidInputError([FieldProblem("plan", f"A referral can ask at most {LONGEST_PLAN} services.")])
    _check_plan(session, options)
    referral.steps.extend(_steps(options, first))
    session.flush()
    _agree(referral, moment.now)
    ask_next(session, referral, Party.REFERRER, actor, moment)


def withdraw_referral(session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime) -> None:
    """Take a referral back: she has changed her mind, or is safe elsewhere. What was held is released.

    Raises NotFoundError, MoveRefusedError.
    """
    referral = _for_referrer(session, keystore, reference, actor, now)
    if referral.state is ReferralState.WITHDRAWN:
        return
    step = asked_step(referral)
    conclude(session, keystore, referral, ReferralState.WITHDRAWN, Party.REFERRER, actor, now)
    if step is not None:
        notices.tell_service(session, MessageKind.REFERRAL_WITHDRAWN, referral, step, now)


def close_referral(session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime) -> None:
    """Close a referral that came to nothing, or whose outcome has been read. Raises NotFoundError, MoveRefusedError."""
    referral = _for_referrer(session, keystore, reference, actor, now)
    if referral.state is not ReferralState.CLOSED:
        conclude(session, keystore, referral, ReferralState.CLOSED, Party.REFERRER, actor, now)


def _agree(referral: Referral, now: datetime) -> None:
    referral.consent_covers_plan, referral.consent_at = True, now


def _for_referrer(session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime) -> Referral:
    referral, party = open_for(session, keystore, reference, actor, now)
    if party is not Party.REFERRER:
        raise NotAllowedError("Only who made the referral can do that.")
    return referral


def _columns(content: Content) -> dict[str, object]:
    return {
        "adults": content.adults,
        "children": tuple(sorted(band.value for band in content.children)),
        "needs": tuple(sorted(set(content.needs))),
        "access_features": tuple(sorted(set(content.access_features))),
        "language": content.language,
        "risk": content.risk,
        "consent_how": content.consent.how,
        "consent_at": content.consent.at,
        "consent_covers_plan": content.consent.covers_plan,
        "moves_on": content.moves_on,
        "reported_on": content.reported_on,
        "note": content.note.strip(),
    }


def _steps(plan: Sequence[Option], first: int = 1) -> list[ReferralStep]:
    return [
        ReferralStep(position=number, service_id=one.service_id, unit_id=one.unit_id, state=StepState.PLANNED)
        for number, one in enumerate(plan, start=first)
    ]


def _check_plan(session: Session, plan: Sequence[Option]) -> None:
    if not 1 <= len(plan) <= LONGEST_PLAN:
        raise InvalidInputError([FieldProblem("plan", f"Choose from one to {LONGEST_PLAN} services.")])
    if len({one.service_id for one in plan}) != len(plan):
        raise InvalidInputError([FieldProblem("plan", "Choose each service once.")])
    services = {one.service_id for one in plan}
    kinds = {
        row.id: row.kind for row in session.execute(select(Service.id, Service.kind).where(Service.id.in_(services)))
    }
    units = {one.unit_id: one.service_id for one in plan if one.unit_id is not None}
    owners = session.execute(select(Unit.id, Unit.service_id).where(Unit.id.in_(units)))
    if set(kinds) != services or {row.id: row.service_id for row in owners} != units:
        raise InvalidInputError([FieldProblem("plan", "One of these services is not in the directory any more.")])
    if any(one.unit_id is None and kinds[one.service_id] is ServiceKind.REFUGE for one in plan):
        raise InvalidInputError([FieldProblem("plan", "A refuge is asked with a space: hold one there first.")])


def _new_reference() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowedError("Only somebody with an account can refer.")
    return actor.user_id
