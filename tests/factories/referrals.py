"""Referrals, made as the product makes them: a household of one adult and a girl, at standard risk, with consent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.availability import Moment
from directory.capacity.models import Unit
from directory.catalogue.models import Service
from directory.common.actor import Actor
from directory.common.clock import london_date
from directory.referrals.service import (
    Channel,
    ChildBand,
    Consent,
    ConsentHow,
    Content,
    Keystore,
    Option,
    Risk,
    SafeContact,
    draft_referral,
    send_referral,
)
from tests.factories.catalogue import taxonomies

CONTACT = SafeContact("Bluebell", Channel.TEXT, "07700 900123", "weekday mornings", False, "the library")


def actor(user: User) -> Actor:
    """The person as the domain knows who acts."""
    return Actor(user.id, user.role.value, user.organisation_id)


def moment(now: datetime) -> Moment:
    """The instant with the product's own lengths of time."""
    return Moment(now, timedelta(hours=24), timedelta(hours=72))


def content(now: datetime, **overrides: Any) -> Content:
    """What a referral says. `covers_plan` is an override too."""
    consent = Consent(ConsentHow.IN_PERSON, now, overrides.pop("covers_plan", False))
    made = Content(
        needs=("domestic-abuse",),
        adults=1,
        children=(ChildBand.GIRL_5_10,),
        language="",
        access_features=(),
        risk=Risk.STANDARD,
        consent=consent,
        moves_on=False,
        reported_on=london_date(now),
    )
    return replace(made, **overrides)


def referral(
    session: Session,
    keystore: Keystore,
    author: User,
    plan: Sequence[Unit | Service],
    now: datetime,
    *,
    sent: bool = True,
    contact: SafeContact = CONTACT,
    **overrides: Any,
) -> str:
    """A referral to each unit's service, or to services themselves, in order; returns its reference."""
    taxonomies(session)
    options = [Option(one.service_id, one.id) if isinstance(one, Unit) else Option(one.id) for one in plan]
    reference = draft_referral(
        session, keystore, actor(author), content(now, **overrides), contact, options, moment(now)
    )
    if sent:
        send_referral(session, keystore, reference, actor(author), moment(now))
    session.commit()
    return reference
