"""Referrals for the pages that show them. They stand in the shared site's database while a page is looked at."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.holds.models import Hold
from directory.capacity.models import Unit, UnitState
from directory.common.clock import utc_now
from directory.extensions import Database
from directory.messaging.models import OutboxMessage
from directory.referrals.models import Referral
from directory.referrals.service import (
    DeclinedBy,
    DeclineReason,
    Keystore,
    accept_referral,
    decline_referral,
)
from tests.factories.referrals import actor, moment, referral
from tests.journeys.visitor import Visitor

Afterwards = Callable[[Session, Keystore, str, datetime], None]


@contextmanager
def referred(
    visitor: Visitor, *, services: int = 1, ago: timedelta = timedelta(0), then: Afterwards | None = None, **facts: Any
) -> Iterator[str]:
    """A referral by the officer, first to Marigold House, made `ago`; gone afterwards: others look at the site too."""
    database = Database(visitor.site.database_url)
    keystore = Keystore(f"sqlite:///{visitor.site.log_path.parent}/keystore.sqlite3")
    now = utc_now() - ago
    with database.new_session() as session:
        officer = session.scalars(select(User).where(User.email == "officer@met.example")).one()
        reference = referral(session, keystore, officer, _rooms(session, services), now, **facts)
        if then is not None:
            then(session, keystore, reference, now)
            session.commit()
    try:
        yield reference
    finally:
        with database.new_session() as session:
            session.execute(delete(Referral).where(Referral.reference == reference))
            session.execute(delete(Hold).where(Hold.for_referral))
            session.execute(delete(OutboxMessage).where(OutboxMessage.reference == reference))
            session.commit()
        database.engine.dispose()


def _rooms(session: Session, services: int) -> list[Unit]:
    """A room in each of some refuges, first in the one whose worker can sign in."""
    is_first = Unit.service_id == "marigold-house"
    fits = (Unit.state == UnitState.OPEN, Unit.max_adults >= 1, Unit.max_children >= 1)
    rooms = session.scalars(select(Unit).where(*fits).order_by(is_first.desc(), Unit.id)).all()
    return list({room.service_id: room for room in reversed(rooms)}.values())[::-1][:services]


def _worker(session: Session) -> User:
    return session.scalars(select(User).where(User.role == "provider")).one()


def decline(session: Session, keystore: Keystore, reference: str, now: datetime) -> None:
    """The refuge says no."""
    by, reason = DeclinedBy.PROVIDER, DeclineReason.TOO_NEAR
    decline_referral(session, keystore, reference, actor(_worker(session)), by, reason, moment(now))


def accept(session: Session, keystore: Keystore, reference: str, now: datetime) -> None:
    """The refuge says yes."""
    accept_referral(session, keystore, reference, actor(_worker(session)), now)


def showing(path: str, **facts: Any) -> Callable[[Visitor], None]:
    """Open the page of a referral, `{reference}` in its path filled in."""
    status = facts.pop("status", 200)

    def act(visitor: Visitor) -> None:
        with referred(visitor, **facts) as reference:
            visitor.open(path.format(reference=reference), status)

    return act


def with_every_mistake(visitor: Visitor) -> None:
    """The form, sent empty."""
    with referred(visitor, sent=False) as reference:
        visitor.open(f"/referrals/{reference}/edit")
        visitor.page.get_by_label("Adults").fill("many")
        visitor.main.get_by_label("She has said yes to this referral").uncheck()
        visitor.page.get_by_label("What to call her").fill("")
        visitor.main.get_by_role("button", name="Continue").click()
        visitor.mistakes.wait_for()


def with_an_open_end(visitor: Visitor) -> None:
    """The form for another service, which could answer a referral that was declined."""
    with referred(visitor, then=decline):
        visitor.open("/referrals/new/service/marigold-advocacy")
        visitor.main.get_by_text("Is this for a referral that you have made already?").wait_for()


def from_a_hold(visitor: Visitor) -> None:
    """The form for a space that has just been held from the results of a search."""
    visitor.main.get_by_role("button", name="Hold and refer").first.click()
    visitor.sees(re.compile("Refer to "))
    database = Database(visitor.site.database_url)
    with database.new_session.begin() as session:
        session.execute(delete(Hold).where(Hold.for_referral.is_(False)))
    database.engine.dispose()


def where_nobody_is_left(visitor: Visitor) -> None:
    """A draft is sent whose space has gone, of a plan of one."""
    with referred(visitor, sent=False) as reference:
        visitor.open(f"/referrals/{reference}/check")
        _set_state(visitor, UnitState.OPEN, UnitState.OCCUPIED)
        try:
            visitor.main.get_by_role("button", name="Send referral").click()
            visitor.sees("The space has gone")
        finally:
            _set_state(visitor, UnitState.OCCUPIED, UnitState.OPEN)


def without_reasons(visitor: Visitor) -> None:
    """The worker's "no" without saying who and why."""
    with referred(visitor) as reference:
        visitor.open(f"/provider/referrals/{reference}/decline")
        visitor.main.get_by_role("button", name="Decline").click()
        visitor.mistakes.wait_for()


def _set_state(visitor: Visitor, before: UnitState, after: UnitState) -> None:
    """The refuge's rooms of one state get another; the first of them that was occupied stays so."""
    database = Database(visitor.site.database_url)
    with database.new_session.begin() as session:
        rooms = session.scalars(select(Unit).where(Unit.service_id == "marigold-house", Unit.state == before))
        for room in rooms:
            if room.id != "marigold-01":
                room.state = after
    database.engine.dispose()
