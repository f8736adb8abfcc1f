"""The pages with which entries are kept true, in every state that people meet them in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import delete, select, update

from directory.capacity.models import Unit, UnitState
from directory.capacity.overdue import DueSubject, UnansweredReminders
from directory.catalogue.models import Service
from directory.common.clock import utc_now
from directory.upkeep.links import LINK_LIFE, make_link
from directory.upkeep.models import UpdateLink
from tests.journeys.states import Act, State, held
from tests.journeys.visitor import Visitor
from tests.support.databases import committing

HOUSE = "marigold-house"


def link(database_url: str, *services: str, ago: timedelta = timedelta(0), **facts: Any) -> str:
    """The path of a link to these services, made `ago`."""
    with committing(database_url) as session:
        token = make_link(session, services, utc_now() - ago)
        if facts:
            newest = select(UpdateLink.id).order_by(UpdateLink.id.desc()).limit(1).scalar_subquery()
            session.execute(update(UpdateLink).where(UpdateLink.id == newest).values(facts))
    return f"/u/{token}"


def listing_due(database_url: str) -> str:
    """A service without units whose listing is due."""
    with committing(database_url) as session:
        query = select(Service.id).where(Service.id.not_in(select(Unit.service_id)), Service.status == "published")
        found = session.scalars(query.order_by(Service.verified_on, Service.id)).first()
        assert found is not None
        return found


@contextmanager
def silent(visitor: Visitor, service_id: str, reminders: int = 3) -> Iterator[None]:
    """A service has left reminders unanswered; afterwards it has not."""
    row = {"service_id": service_id, "subject": DueSubject.UNITS}
    now = utc_now()
    with committing(visitor.site.database_url) as session:
        session.add(UnansweredReminders(**row, count=reminders, first_at=now, last_on=now.date()))
    try:
        yield
    finally:
        with committing(visitor.site.database_url) as session:
            session.execute(delete(UnansweredReminders).filter_by(**row))


def _opened(visitor: Visitor) -> None:
    visitor.open(link(visitor.site.database_url, HOUSE))
    visitor.sees("Are these spaces still right?")


def _with_a_listing(visitor: Visitor) -> None:
    visitor.open(link(visitor.site.database_url, HOUSE, listing_due(visitor.site.database_url)))
    expect(visitor.main.get_by_label("Our listing is still right")).not_to_be_checked()


def _locked(visitor: Visitor) -> None:
    with held(visitor):
        _opened(visitor)
    expect(visitor.main).to_contain_text("cannot be changed from here just now")


def _without_an_answer(visitor: Visitor) -> None:
    visitor.open(link(visitor.site.database_url, listing_due(visitor.site.database_url)))
    visitor.main.get_by_role("button", name="Confirm").click()
    expect(visitor.main.get_by_role("alert")).to_contain_text("You have not confirmed anything yet.")


def _changed_meanwhile(visitor: Visitor) -> None:
    _opened(visitor)
    with _changed(visitor, UnitState.OCCUPIED, UnitState.CLOSED):
        visitor.main.get_by_role("button", name="Confirm").click()
        expect(visitor.main.get_by_role("alert")).to_contain_text("Somebody has changed this meanwhile.")


@contextmanager
def _changed(visitor: Visitor, before: UnitState, after: UnitState) -> Iterator[None]:
    with committing(visitor.site.database_url) as session:
        query = select(Unit.id).where(Unit.service_id == HOUSE, Unit.state == before).order_by(Unit.id)
        unit_id = session.scalars(query).first()
        session.execute(update(Unit).where(Unit.id == unit_id).values(state=after))
    try:
        yield
    finally:
        with committing(visitor.site.database_url) as session:
            session.execute(update(Unit).where(Unit.id == unit_id).values(state=before))


def _over(heading: str, ago: timedelta = timedelta(0), **facts: datetime) -> Act:
    def act(visitor: Visitor) -> None:
        visitor.open(link(visitor.site.database_url, HOUSE, ago=ago, **facts), status=410)
        visitor.sees(heading)

    return act


def _changed_at_home(visitor: Visitor) -> None:
    with _changed(visitor, UnitState.OCCUPIED, UnitState.CLOSED):
        visitor.main.get_by_role("button", name=re.compile("^Everything is still right")).click()
        expect(visitor.main).to_contain_text("Nothing has been confirmed yet.")


def _mistakes(visitor: Visitor) -> None:
    for field in visitor.page.get_by_label("E-mail address or mobile number").all():
        field.fill("nobody")
    visitor.main.get_by_role("button", name="Save").click()
    visitor.mistakes.wait_for()


def _ranked_last(visitor: Visitor) -> None:
    with silent(visitor, HOUSE):
        visitor.open("/manage/freshness")
    expect(visitor.main.get_by_text("Ranked last")).to_be_visible()


def _not_confirmed(visitor: Visitor) -> None:
    with silent(visitor, HOUSE):
        visitor.open(f"/services/{HOUSE}")
    expect(visitor.main.get_by_text("Not confirmed after three reminders")).to_be_visible()


NOW = utc_now()
CONTACTS = f"/provider/contacts/{HOUSE}"
STATES = (
    State("one-tap", "one_tap.page", None, "/", act=_opened),
    State("one-tap-listing", "one_tap.page", None, "/", act=_with_a_listing),
    State("one-tap-locked", "one_tap.page", None, "/", act=_locked),
    State("one-tap-no-answer", "one_tap.page", None, "/", act=_without_an_answer),
    State("one-tap-changed", "one_tap.page", None, "/", act=_changed_meanwhile),
    State("one-tap-used", "one_tap.page", None, "/", act=_over("This has been confirmed already", used_at=NOW)),
    State("one-tap-expired", "one_tap.page", None, "/", act=_over("This link has run out", ago=LINK_LIFE)),
    State("one-tap-cancelled", "one_tap.page", None, "/", act=_over("This link has been cancelled", revoked_at=NOW)),
    State("one-tap-unknown", "one_tap.page", None, "/u/nowhere", status=404),
    State("provider-changed", "provider.page", "provider", "/provider", act=_changed_at_home),
    State("contacts", "provider.contacts", "provider", CONTACTS),
    State("contacts-mistakes", "provider.contacts", "provider", CONTACTS, act=_mistakes),
    State("contacts-commissioner", "provider.contacts", "commissioner", CONTACTS),
    State("poster", "provider.poster", "provider", "/provider/poster"),
    State("freshness", "freshness.report", "commissioner", "/manage/freshness"),
    State("freshness-last-page", "freshness.report", "auditor", "/manage/freshness?page=3"),
    State("freshness-past-the-end", "freshness.report", "auditor", "/manage/freshness?page=99"),
    State("freshness-ranked-last", "freshness.report", "commissioner", "/", act=_ranked_last),
    State("service-not-confirmed", "listings.service", "officer", "/", act=_not_confirmed),
)
# What answers with something else than a page.
NOT_PAGES = {"freshness.export"}
