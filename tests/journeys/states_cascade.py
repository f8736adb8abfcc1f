"""The pages with which editions reach people, in the states that people meet them in."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.availability import Moment
from directory.common.clock import utc_now
from directory.publishing.cascade.issued import IssuedEdition, latest_issued
from directory.publishing.cascade.links import LINK_LIFE, make_link
from directory.publishing.cascade.models import EditionReceipt, ReceiptLink
from directory.publishing.cascade.receipts import acknowledge
from directory.publishing.editions.content import build_entries
from directory.publishing.editions.vocabulary import EntryKind
from tests.journeys.states import Act, State
from tests.journeys.visitor import Visitor
from tests.publishing.cascade.world import issue
from tests.support.databases import committing

AREA = "central-east"
DAY = timedelta(days=1)


def edition(database_url: str) -> IssuedEdition:
    """The newest edition of a site; where there is none yet, one of what is published there."""
    with committing(database_url) as session:
        found = latest_issued(session)
        if found is None:
            now = utc_now()
            moment = Moment(now, DAY, 3 * DAY)
            services = [one.body for one in build_entries(session, moment) if one.kind is EntryKind.SERVICE]
            found = issue(session, services, now)
        return found


def link(database_url: str, ago: timedelta = timedelta(0), *, acknowledged: bool = False) -> str:
    """The path of a link, made `ago`, to the officer's receipt of the newest edition, as nobody has touched it yet."""
    newest = edition(database_url)
    with committing(database_url) as session:
        officer = session.scalars(select(User.id).where(User.email == "officer@met.example")).one()
        assert officer is not None
        _forget(session, newest.id, officer)
        sent_at = utc_now() - ago
        session.add(
            EditionReceipt(edition_id=newest.id, user_id=officer, area="Central East", sent_at=sent_at, reminders=0)
        )
        session.flush()
        if acknowledged:
            acknowledge(session, newest.id, officer, utc_now())
        return f"/e/{make_link(session, newest.id, officer, sent_at)}"


def _forget(session: Session, edition_id: int, user_id: int) -> None:
    for model in (ReceiptLink, EditionReceipt):
        session.execute(delete(model).where(model.edition_id == edition_id, model.user_id == user_id))


def _on(path: str) -> Act:
    """Open a page of the newest edition."""

    def act(visitor: Visitor) -> None:
        visitor.open(path.format(number=edition(visitor.site.database_url).number))

    return act


def _opened(visitor: Visitor) -> None:
    visitor.open(link(visitor.site.database_url))
    visitor.main.get_by_role("button", name="I have received edition").wait_for()


def _pressed(visitor: Visitor) -> None:
    visitor.open(link(visitor.site.database_url, acknowledged=True))
    visitor.main.get_by_text("Thank you").wait_for()


def _run_out(visitor: Visitor) -> None:
    visitor.open(link(visitor.site.database_url, LINK_LIFE + DAY), status=410)


def saved(visitor: Visitor) -> None:
    """Open an area's pocket page, and wait until the telephone has it."""
    edition(visitor.site.database_url)
    visitor.open(f"/pocket/{AREA}")
    expect(visitor.page.get_by_text("Works offline until")).to_be_visible()


def _found_nothing(visitor: Visitor) -> None:
    saved(visitor)
    visitor.page.get_by_label("Find in this list").fill("nothing is called so")
    expect(visitor.page.get_by_text("0 of")).to_be_visible()


STATES = (
    State("receipt", "receipts.page", None, "/", act=_opened),
    State("receipt-pressed", "receipts.page", None, "/", act=_pressed),
    State("receipt-run-out", "receipts.page", None, "/", act=_run_out),
    State("receipts", "receipts.dashboard", "commissioner", "/", act=_on("/editions/{number}/receipts")),
    State("briefings", "briefings.choose", "officer", "/", act=_on("/editions/{number}/briefing")),
    State("briefing", "briefings.briefing", "officer", "/", act=_on("/editions/{number}/briefing/" + AREA)),
    State("pocket", "pocket.choose", "officer", "/", act=_on("/pocket")),
    State("pocket-area", "pocket.page", "officer", "/", act=saved),
    State("pocket-filtered", "pocket.page", "officer", "/", act=_found_nothing),
)
# What answers with something else than a page.
NOT_PAGES = {"receipts.export", "briefings.pdf", "pocket.worker"}
