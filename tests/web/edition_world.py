"""Editions as the tests of their pages need them: drafted, signed and published by the domain itself."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.availability import Moment
from directory.common.actor import SYSTEM, Actor
from directory.publishing.cascade.sending import send_out
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.lifecycle import draft, publish, sign
from tests import factories


def moment_of(now: datetime) -> Moment:
    """The instant, with how long confirmations count in a demonstration."""
    return Moment(now, timedelta(hours=24), timedelta(hours=72))


def acting(user: User) -> Actor:
    """Somebody with an account, as the domain knows them."""
    return Actor(user.id, user.role.value, user.organisation_id)


def drafted(
    session: Session, now: datetime, by: User | None = None, note: str = "", corrects: int | None = None
) -> EditionFacts:
    """A draft of the catalogue as it is; by the schedule where nobody is named."""
    actor = acting(by) if by else SYSTEM
    return draft(session, actor, moment_of(now), note=note, corrects=corrects)


def signed(session: Session, now: datetime, made: EditionFacts, by: User | None = None) -> EditionFacts:
    """A draft that a second person has signed."""
    signer = by or factories.user(session, "commissioner")
    moment = moment_of(now)
    seen = count_warnings(check(session, made.id, moment))
    return sign(session, made.id, made.content_hash, seen, acting(signer), moment)


def published(session: Session, now: datetime, note: str = "", corrects: int | None = None) -> EditionFacts:
    """A published edition, prepared and signed by two commissioners of its own, and sent to all officers there are."""
    preparer, signer = factories.user(session, "commissioner"), factories.user(session, "commissioner")
    made = signed(session, now, drafted(session, now, preparer, note, corrects), signer)
    done = publish(session, made.id, acting(signer), moment_of(now))
    send_out(session, done.id, now)
    return done
