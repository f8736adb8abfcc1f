"""What the tests of the pages of referrals share."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.capacity.models import Unit
from directory.search.sealing import Seal
from tests import factories
from tests.factories.referrals import actor, moment
from tests.support.html import Page, text_of
from tests.support.pages import Values

TERMS = HoldTerms(timedelta(hours=2), 3)


def refuge(session: Session, house: str = "Marigold House", **unit: object) -> Unit:
    """A refuge that answers within an hour, with an address for its referrals and one unit."""
    factories.taxonomies(session)
    service = factories.service(session, name=house, referral_email="refuge@example.org", response_target_minutes=60)
    return factories.unit(session, service, **unit)


def held(session: Session, unit: Unit, officer: User, now: datetime) -> str:
    """The id of a hold on the unit."""
    hold = hold_unit(session, unit.id, actor(officer), unit.id, moment(now), TERMS)
    session.commit()
    return hold


def link_to(app: Flask, now: datetime, **question: object) -> str:
    """The link of a search, as the application would have made it at `now`."""
    return Seal.from_secret(app.extensions["settings"].secret_key, timedelta(minutes=30)).close(question, now)


def answers(**more: str | list[str]) -> Values:
    """The form as an officer fills it in."""
    values: Values = {
        "needs": ["domestic-abuse"],
        "adults": "1",
        "risk": "standard",
        "consent": "y",
        "consent_how": "in_person",
        "consent_when": "now",
        "alias": "Bluebell",
        "channel": "text",
        "address": "07700 900123",
        "safe_times": "weekday mornings",
    }
    return values | more


def status(page: Page) -> str:
    """The panel that says whose turn it is."""
    return text_of(next(one for one in page.all("div") if "app-status" in one.get("class", "").split()))


def reference_of(session: Session) -> str:
    """The reference of the newest referral."""
    return session.execute(text("SELECT reference FROM referrals ORDER BY id DESC LIMIT 1")).scalar_one()
