"""A draft as its author goes on with it: the content by its codes, the plan with its units, and the hold on the first.

What `privacy.py` shows is made to be read; this is made to fill a form with. The units are for the plan that is written
again, never to be shown (firewall, rule 3).
"""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.holds.live import live
from directory.capacity.holds.models import Hold
from directory.common.actor import Actor
from directory.common.errors import FieldProblem, InvalidInputError, NotFoundError
from directory.referrals.contact_keys import open_contact
from directory.referrals.content import Consent, Content, check_contact, check_content
from directory.referrals.keystore import Keystore
from directory.referrals.lifecycle import MoveRefusedError
from directory.referrals.models import Referral
from directory.referrals.referring import Option
from directory.referrals.safe_contact import SafeContact
from directory.referrals.stored import NO_SUCH, load
from directory.referrals.turns import standing
from directory.referrals.vocabulary import ChildBand, ReferralState


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written so far. `held_until` is when the author's hold for the first service of the plan runs out."""

    content: Content
    contact: SafeContact | None
    plan: tuple[Option, ...]
    held_until: datetime | None


def read_draft(session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime) -> Draft:
    """The draft of this reference, for its author alone; noted in the audit trail, so the caller commits.

    Raises NotFoundError for everybody else, MoveRefusedError once it has been sent or has run out.
    """
    referral = _of_author(session, reference, actor)
    stands = standing(referral.state, referral.due_at, now)
    if stands.state is not ReferralState.DRAFT:
        raise MoveRefusedError(stands.state)
    plan = tuple(Option(step.service_id, step.unit_id) for step in referral.steps)
    contact = open_contact(session, keystore, referral, now)
    shown = [item.name for item in fields(Content)] + (["safe_contact"] if contact else [])
    record(session, Event.REFERRAL_SHOWN, actor.reference, now, referral=reference, fields=shown)
    return Draft(_content(referral), contact, plan, _held_until(session, plan[0].unit_id, actor, now))


def hold_of_draft(session: Session, reference: str, actor: Actor, now: datetime) -> datetime | None:
    """Until when the first service of a draft's plan holds its space for the author; None where it does not.

    Raises NotFoundError for everybody but the author.
    """
    referral = _of_author(session, reference, actor)
    return _held_until(session, referral.steps[0].unit_id, actor, now)


def problems_of(session: Session, content: Content, contact: SafeContact | None, now: datetime) -> list[FieldProblem]:
    """Everything that is wrong with what is about to be written, its free texts screened; nothing is stored."""
    problems: list[FieldProblem] = []
    try:
        check_content(session, content, now)
    except InvalidInputError as error:
        problems += error.problems
    try:
        if contact is not None:
            check_contact(session, contact)
    except InvalidInputError as error:
        problems += error.problems
    return problems


def _of_author(session: Session, reference: str, actor: Actor) -> Referral:
    referral = load(session, reference)
    if actor.user_id is None or referral.author_id != actor.user_id:
        raise NotFoundError(NO_SUCH)
    return referral


def _held_until(session: Session, unit_id: str | None, actor: Actor, now: datetime) -> datetime | None:
    mine = (Hold.unit_id == unit_id, Hold.held_by == actor.user_id, live(now), Hold.for_referral.is_(False))
    found: datetime | None = session.scalar(select(Hold.expires_at).where(*mine))
    return found


def _content(referral: Referral) -> Content:
    return Content(
        needs=referral.needs,
        adults=referral.adults,
        children=tuple(ChildBand(word) for word in referral.children),
        language=referral.language,
        access_features=referral.access_features,
        risk=referral.risk,
        consent=Consent(referral.consent_how, referral.consent_at, referral.consent_covers_plan),
        moves_on=referral.moves_on,
        reported_on=referral.reported_on,
        note=referral.note,
    )
