"""The pages of editions, in the states that people meet them in. The demonstration has published two."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from directory.accounts.service import get_account
from directory.capacity.availability import Moment
from directory.cli.demo_accounts import COMMISSIONER, DEPUTY
from directory.common.actor import Actor
from directory.common.clock import utc_now
from directory.config import Settings
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.lifecycle import discard, draft, sign, withdraw_signature
from directory.publishing.editions.reading import edition_in_preparation
from directory.publishing.editions.vocabulary import EditionState
from tests.journeys.states import State
from tests.journeys.visitor import Visitor
from tests.support.databases import committing

PREPARE = "/editions/prepare"


def _moment() -> Moment:
    settings = Settings()
    return Moment(utc_now(), settings.confirm_within, settings.stale_after)


def _acting(session: Session, email: str) -> Actor:
    account = get_account(session, email)
    return Actor(account.id, account.role.value, None)


def _discard(visitor: Visitor) -> None:
    """Nothing is being prepared any more: others look at the same site."""
    with committing(visitor.site.database_url) as session:
        made = edition_in_preparation(session)
        if made and made.state is EditionState.SIGNED:
            withdraw_signature(session, made.id, _acting(session, COMMISSIONER), _moment())
        if made:
            discard(session, made.id, _acting(session, COMMISSIONER), _moment())


@contextmanager
def being_prepared(visitor: Visitor, *, signed: bool = False) -> Iterator[None]:
    """A draft of the deputy's stands there meanwhile, signed by the other commissioner if asked."""
    with committing(visitor.site.database_url) as session:
        made = draft(session, _acting(session, DEPUTY), _moment(), note="With more figures than the last one.")
        if signed:
            seen = count_warnings(check(session, made.id, _moment()))
            sign(session, made.id, made.content_hash, seen, _acting(session, COMMISSIONER), _moment())
    try:
        yield
    finally:
        _discard(visitor)


def _with_a_draft(path: str, *, signed: bool = False) -> Callable[[Visitor], None]:
    def show(visitor: Visitor) -> None:
        with being_prepared(visitor, signed=signed):
            visitor.open(path)

    return show


def _signed_unread(visitor: Visitor) -> None:
    with being_prepared(visitor):
        visitor.open(PREPARE)
        visitor.main.get_by_role("button", name="Sign it").click()
        visitor.mistakes.wait_for()


def _drafted(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Draft the edition").click()
    visitor.main.get_by_role("link", name="Read the checks").wait_for()
    _discard(visitor)


def _nothing_said(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Draft the correction").click()
    visitor.mistakes.wait_for()


def _no_such_day(visitor: Visitor) -> None:
    visitor.page.get_by_label("Day of the month").fill("31")
    visitor.main.get_by_role("button", name="Save").click()
    visitor.mistakes.wait_for()


_COMMISSIONER = "commissioner"
STATES = (
    State("editions", "editions.listing", _COMMISSIONER, "/editions"),
    State("edition", "editions.edition", "officer", "/editions/2"),
    State("edition-changes", "editions.changes", "officer", "/editions/2/changes"),
    State("edition-service", "editions.service", "auditor", "/editions/1/services/marigold-house"),
    State("edition-correct", "editions.correct", _COMMISSIONER, "/editions/2/correct", act=_nothing_said),
    State("editions-schedule", "editions.schedule", _COMMISSIONER, "/editions/schedule", act=_no_such_day),
    State("edition-prepare", "editions.prepare", _COMMISSIONER, PREPARE),
    State("edition-drafting", "editions.prepare", _COMMISSIONER, PREPARE, act=_drafted),
    State("edition-to-sign", "editions.prepare", _COMMISSIONER, PREPARE, act=_signed_unread),
    State("edition-signed", "editions.prepare", _COMMISSIONER, PREPARE, act=_with_a_draft(PREPARE, signed=True)),
    State(
        "edition-findings",
        "editions.findings",
        _COMMISSIONER,
        PREPARE,
        act=_with_a_draft(f"{PREPARE}/checks/stale_listings"),
    ),
    State(
        "edition-draft-changes",
        "editions.draft_changes",
        _COMMISSIONER,
        PREPARE,
        act=_with_a_draft(f"{PREPARE}/changes"),
    ),
)
