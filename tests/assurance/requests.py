"""Requests as tests enter them: of Immigration Enforcement, for a person, without a ground, on 2 November 2026."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.assurance.disclosures import answer_request, record_request
from directory.assurance.facts import Entry
from directory.assurance.vocabulary import Basis, Decision, Requester, Subject
from directory.common.actor import Actor
from tests import factories

CAME = date(2026, 11, 2)


def commissioner(session: Session) -> Actor:
    """One who keeps the register."""
    return acting(factories.user(session, "commissioner"))


def acting(user: User) -> Actor:
    """The person as the domain knows who acts."""
    return Actor(user.id, user.role.value, user.organisation_id)


def asked(**values: Any) -> Entry:
    """A request before it is entered."""
    usual: dict[str, Any] = {
        "received_on": CAME,
        "requester": Requester.IMMIGRATION_ENFORCEMENT,
        "subject": Subject.PERSON,
        "basis": Basis.NONE_GIVEN,
        "organisation_id": None,
        "summary": "",
    }
    return Entry(**usual | values)


def entered(session: Session, actor: Actor, now: datetime, **values: Any) -> int:
    """A request in the register; returns its number. With `decision`, it is answered (on the day it came)."""
    decision, answered_on = values.pop("decision", None), values.pop("answered_on", None)
    entry = asked(**values)
    number = record_request(session, entry, actor, now).number
    if decision is not None:
        answer_request(session, number, Decision(decision), answered_on or entry.received_on, actor, now)
    session.commit()
    return number
