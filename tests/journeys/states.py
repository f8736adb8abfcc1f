"""Every page of the product, in every state that people meet it in."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import delete, select

from directory.accounts.models import User
from directory.capacity.holds.models import Hold
from directory.capacity.models import Unit
from directory.common.clock import utc_now
from directory.messaging.models import OutboxMessage
from tests.journeys import referring
from tests.journeys.referring import showing
from tests.journeys.visitor import Visitor
from tests.support.databases import committing

Question = dict[str, Any]
Act = Callable[[Visitor], None]

MANY: Question = {"near": "Hackney"}
HOUSEHOLD: Question = {"near": "E8 3", "adults": 1, "child": ["4f"], "nrpf": True}
NOTHING: Question = {"near": "Hackney", "adults": 9, "child": ["15m"], "kind": ["refuge"]}
EVERYTHING: Question = {
    "near": "Southal",
    "within": 20,
    "avoid": ["E09000012"],
    "adults": 1,
    "child": ["4f", "13m"],
    "gender": "woman",
    "age": 30,
    "need": ["domestic-abuse"],
    "language": ["ar", "so"],
    "community": ["south-asian"],
    "by_and_for": True,
    "access": ["step-free"],
    "nrpf": True,
    "space": True,
    "open": True,
    "kind": ["refuge"],
    "must": ["by_and_for"],
    "prefer_distance": "far",
}


def _nothing(_visitor: Visitor) -> None:
    """The page is as it opens."""


@dataclass(frozen=True, slots=True)
class State:
    """A page: its route's endpoint, who opens it, where, with what question in the link, and what they do there."""

    name: str
    endpoint: str
    role: str | None
    path: str
    question: Question = field(default_factory=dict)
    age: timedelta = timedelta(0)
    status: int = 200
    act: Act = _nothing

    def show(self, visitor: Visitor) -> None:
        """Open the page and bring it into this state."""
        link = visitor.site.link(self.question, self.age) if "{link}" in self.path else ""
        visitor.open(self.path.format(link=link), self.status)
        self.act(visitor)


def _wrong_password(visitor: Visitor) -> None:
    visitor.page.get_by_label("Email address").fill("nobody@met.example")
    visitor.page.get_by_label("Password", exact=True).fill("wrong password")
    visitor.main.get_by_role("button", name="Sign in").click()
    visitor.mistakes.wait_for()


def _every_mistake(visitor: Visitor) -> None:
    visitor.asks(near="ZZ1", Adults="many", Ages_of_girls="four", Ages_of_boys="99")
    visitor.mistakes.wait_for()


def _hayes(visitor: Visitor) -> None:
    visitor.asks(near="Hayes")
    visitor.page.get_by_role("radio").first.wait_for()


def _narrow_the_needs(visitor: Visitor) -> None:
    visitor.page.get_by_label("Find in this list").first.fill("abuse")
    expect(visitor.main.get_by_text("terms contain this")).to_be_visible()


def _mistake_on_the_board(visitor: Visitor) -> None:
    visitor.main.get_by_text("Show what fits one household").click()
    visitor.page.get_by_label("Ages of girls").fill("tall")
    visitor.main.get_by_role("button", name="Show what fits").click()
    visitor.mistakes.wait_for()


def _find_a_word(visitor: Visitor) -> None:
    visitor.page.get_by_label("Find a word on this page").fill("dv")
    expect(visitor.main.get_by_text("terms contain this")).to_be_visible()


def _empty_guidance(visitor: Visitor) -> None:
    visitor.page.get_by_label("Text").fill("")
    visitor.main.get_by_role("button", name="Save").click()
    visitor.mistakes.wait_for()


def _preview(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Preview").click()
    visitor.main.get_by_role("region", name="How it will look (not saved yet)").wait_for()


def _save_as_it_is(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Save").click()
    visitor.page.get_by_role("alert").wait_for()


def _give_up_messages(visitor: Visitor) -> None:
    """Messages that could not be sent stand in the outbox while the page is fetched, and are gone afterwards."""
    with committing(visitor.site.database_url) as session:
        for number in range(2):
            session.add(
                OutboxMessage(
                    id=f"journey-{number}",
                    kind="referral_received",
                    channel="email",
                    address="a-long-address-of-a-referral-desk@women-of-the-demonstration.example.org",
                    reference=f"JOURNEY{number}",
                    path="/referrals",
                    state="dead",
                    made_at=utc_now(),
                    next_attempt_at=utc_now(),
                    attempts=7,
                    last_error="smtp-not-supported",
                )
            )
    visitor.open("/messages")
    with committing(visitor.site.database_url) as session:
        session.execute(delete(OutboxMessage).where(OutboxMessage.id.startswith("journey-")))
    expect(visitor.main.get_by_role("button", name="Try again")).to_have_count(2)


@contextmanager
def held(visitor: Visitor, count: int = 1, role: str = "officer", minutes: int = 90, **facts: Any) -> Iterator[None]:
    """Holds of somebody, with `minutes` left, stand in the database meanwhile; then they are gone: others look too."""
    now = utc_now()
    values = {"held_at": now - timedelta(hours=2), "expires_at": now + timedelta(minutes=minutes)} | facts
    with committing(visitor.site.database_url) as session:
        holder = session.scalars(select(User.id).where(User.role == role).order_by(User.id)).first()
        is_first = Unit.service_id == "marigold-house"
        rooms = session.scalars(select(Unit).where(Unit.state == "open").order_by(is_first.desc(), Unit.id)).all()
        for number, room in enumerate(rooms[:count]):
            row = {"unit_id": room.id, "service_id": room.service_id, "held_by": holder} | values
            session.add(Hold(id=f"journey{number}", idempotency_key=f"journey{number}", **row))
    try:
        yield
    finally:
        with committing(visitor.site.database_url) as session:
            session.execute(delete(Hold).where(Hold.id.startswith("journey")))


def _over(outcome: str) -> dict[str, Any]:
    now = utc_now()
    times = {"held_at": now - timedelta(hours=3), "expires_at": now - timedelta(hours=1), "ended_at": now}
    return {"unit_id": None, "outcome": outcome} | times


def _live_hold(visitor: Visitor) -> None:
    with held(visitor):
        visitor.open("/holds/journey0")
    visitor.sees(re.compile("Held for you until"))


def _hold_that_ran_out(visitor: Visitor) -> None:
    with held(visitor, **_over("expired")):
        visitor.open("/holds/journey0")
    visitor.sees("This hold has run out")


def _hold_ended_by_the_service(visitor: Visitor) -> None:
    with held(visitor, **_over("ended_by_provider")):
        visitor.open("/holds/journey0")
    visitor.sees("The service has ended this hold")


def _my_holds(visitor: Visitor) -> None:
    with held(visitor, 3):
        visitor.open("/holds")
    expect(visitor.main.get_by_role("button", name="Release")).to_have_count(3)


def _too_many_holds(visitor: Visitor) -> None:
    visitor.open("/availability")
    with held(visitor, 3):
        visitor.main.get_by_role("button", name="Hold only").last.click()
        visitor.sees("You have 3 holds already")


def _space_that_has_gone(visitor: Visitor) -> None:
    visitor.open("/services/marigold-house")
    with held(visitor, role="advocate"):
        visitor.main.get_by_role("button", name="Hold and refer").first.click()
        visitor.sees("Somebody was faster")


def _units_of_which_one_is_held(visitor: Visitor) -> None:
    with held(visitor):
        visitor.open("/provider")
    expect(visitor.main.get_by_text("for a referrer")).to_be_visible()


def _unit_that_is_held(visitor: Visitor) -> None:
    with held(visitor):
        visitor.open("/provider")
        room = visitor.main.get_by_role("listitem").filter(has_text="for a referrer")
        room.get_by_role("button", name="Occupied").click()
        visitor.sees(re.compile("End the hold"))


CHECK, TIMELINE, RECEIVED = "/referrals/{reference}/check", "/referrals/{reference}", "/provider/referrals/{reference}"
LATE, NO, YES, NOT = timedelta(hours=2), referring.decline, referring.accept, "did-not-arrive"
STATES = (
    State("start", "start.page", None, "/"),
    State("start-signed-in", "start.page", "commissioner", "/"),
    State("start-auditor", "start.page", "auditor", "/"),
    State("sign-in", "sign_in.form", None, "/sign-in"),
    State("sign-in-refused", "sign_in.form", None, "/sign-in", act=_wrong_password),
    State("search", "search.form", "officer", "/search"),
    State("search-narrowed", "search.form", "officer", "/search", act=_narrow_the_needs),
    State("search-mistakes", "search.form", "officer", "/search", act=_every_mistake),
    State("search-which-place", "search.form", "officer", "/search", act=_hayes),
    State("search-changed", "search.change", "officer", "/search/{link}/change", EVERYTHING),
    State("results", "search.results", "officer", "/search/{link}", HOUSEHOLD),
    State("results-many", "search.results", "officer", "/search/{link}", MANY),
    State("results-last-page", "search.results", "officer", "/search/{link}?page=3", MANY),
    State("results-past-the-end", "search.results", "officer", "/search/{link}?page=99", MANY),
    State("results-everything-asked", "search.results", "officer", "/search/{link}", EVERYTHING),
    State("results-nothing-asked", "search.results", "officer", "/search/{link}"),
    State("results-none", "search.results", "officer", "/search/{link}", NOTHING),
    State("results-expired", "search.results", "officer", "/search/{link}", MANY, timedelta(hours=1), 410),
    State("board", "availability.board", "advocate", "/availability"),
    State("board-mistake", "availability.board", "advocate", "/availability", act=_mistake_on_the_board),
    State("board-household", "availability.for_household", "advocate", "/availability/{link}", HOUSEHOLD),
    State("board-nothing-fits", "availability.for_household", "advocate", "/availability/{link}", NOTHING),
    State("organisation", "listings.organisation", "officer", "/organisations/marigold-women"),
    State("organisation-draft", "listings.organisation", "commissioner", "/organisations/southall-black-sisters"),
    State("service-draft", "listings.service", "commissioner", "/services/sbs-advice"),
    State("service-refuge", "listings.service", "officer", "/services/marigold-house"),
    State("service-without-units", "listings.service", "auditor", "/services/marigold-house"),
    State("unit", "listings.unit", "officer", "/services/marigold-house/units/marigold-02"),
    State("holds", "holds.listing", "officer", "/holds"),
    State("holds-some", "holds.listing", "officer", "/holds", act=_my_holds),
    State("hold-live", "holds.hold", "officer", "/holds", act=_live_hold),
    State("hold-run-out", "holds.hold", "officer", "/holds", act=_hold_that_ran_out),
    State("hold-ended", "holds.hold", "officer", "/holds", act=_hold_ended_by_the_service),
    State("holds-too-many", "holds.listing", "officer", "/holds", act=_too_many_holds),
    State("hold-gone", "holds.listing", "officer", "/holds", act=_space_that_has_gone),
    State("provider-end-hold", "provider.page", "provider", "/provider", act=_unit_that_is_held),
    State("provider", "provider.page", "provider", "/provider"),
    State("provider-held", "provider.page", "provider", "/provider", act=_units_of_which_one_is_held),
    State("referrals", "referrals.listing", "officer", "/referrals"),
    State("referrals-some", "referrals.listing", "officer", "/", act=showing("/referrals", services=2)),
    State("referral-new", "referrals.new_for_service", "officer", "/referrals/new/service/marigold-advocacy"),
    State("referral-new-open-end", "referrals.new_for_service", "officer", "/", act=referring.with_an_open_end),
    State(
        "referral-from-hold", "referrals.new_from_hold", "officer", "/search/{link}", MANY, act=referring.from_a_hold
    ),
    State("referral-mistakes", "referrals.edit", "officer", "/", act=referring.with_every_mistake),
    State("referral-edit", "referrals.edit", "officer", "/", act=showing("/referrals/{reference}/edit", sent=False)),
    State("referral-check", "referrals.check", "officer", "/", act=showing(CHECK, sent=False, services=3, risk="high")),
    State("referral-nobody", "referrals.check", "officer", "/", act=referring.where_nobody_is_left),
    State("referral-waiting", "referrals.timeline", "officer", "/", act=showing(TIMELINE, services=3)),
    State("referral-declined", "referrals.timeline", "officer", "/", act=showing(TIMELINE, services=2, then=NO)),
    State("referral-expired", "referrals.timeline", "officer", "/", act=showing(TIMELINE, services=2, ago=LATE)),
    State("referral-accepted", "referrals.timeline", "officer", "/", act=showing(TIMELINE, then=YES)),
    State("referral-withdraw", "referrals.ask_whether", "officer", "/", act=showing("/referrals/{reference}/withdraw")),
    State(
        "referral-not-arrived", "referrals.did_not_arrive", "officer", "/", act=showing(f"{TIMELINE}/{NOT}", then=YES)
    ),
    State("unanswered", "referrals.unanswered", "commissioner", "/referrals/unanswered"),
    State(
        "unanswered-one", "referrals.unanswered", "commissioner", "/", act=showing("/referrals/unanswered", ago=LATE)
    ),
    State("inbox", "inbox.listing", "provider", "/provider/referrals"),
    State("inbox-one", "inbox.listing", "provider", "/", act=showing("/provider/referrals", risk="high")),
    State("inbox-referral", "inbox.referral", "provider", "/", act=showing(RECEIVED, risk="high", note="Needs a cot")),
    State("inbox-accepted", "inbox.referral", "provider", "/", act=showing(RECEIVED, then=YES)),
    State("inbox-not-arrived", "inbox.did_not_arrive", "provider", "/", act=showing(f"{RECEIVED}/{NOT}", then=YES)),
    State("inbox-ran-out", "inbox.referral", "provider", "/", act=showing(RECEIVED, ago=LATE)),
    State("inbox-missing", "inbox.referral", "provider", "/provider/referrals/BCDFGHJKLM", status=404),
    State("inbox-decline", "inbox.ask_why", "provider", "/", act=showing(f"{RECEIVED}/decline")),
    State("inbox-decline-mistakes", "inbox.ask_why", "provider", "/", act=referring.without_reasons),
    State("marac", "help.marac", "officer", "/help/marac"),
    State("terms", "help.terms", "officer", "/help/terms"),
    State("terms-narrowed", "help.terms", "officer", "/help/terms", act=_find_a_word),
    State("guidance", "guidance.listing", "officer", "/guidance"),
    State("guidance-manage", "guidance.manage", "commissioner", "/manage/guidance"),
    State("guidance-edit", "guidance.edit", "commissioner", "/manage/guidance/safe-to-share"),
    State("guidance-mistake", "guidance.edit", "commissioner", "/manage/guidance/pathways", act=_empty_guidance),
    State("guidance-preview", "guidance.edit", "commissioner", "/manage/guidance/pathways", act=_preview),
    State("guidance-saved", "guidance.edit", "commissioner", "/manage/guidance/pathways", act=_save_as_it_is),
    State("audit", "audit.listing", "auditor", "/audit"),
    State("audit-none-fits", "audit.listing", "auditor", "/audit?reference=nobody"),
    State("audit-mistake", "audit.listing", "auditor", "/audit?reference=a+b", status=422),
    State("messages", "messages.listing", "administrator", "/messages"),
    State("messages-given-up", "messages.listing", "administrator", "/messages", act=_give_up_messages),
    State("accessibility", "about.accessibility", None, "/accessibility"),
    State("privacy", "about.privacy", None, "/privacy"),
    State("error-403", "guidance.manage", "officer", "/manage/guidance", status=403),
    State("error-404", "", None, "/nowhere", status=404),
    State("error-404-signed-in", "listings.service", "officer", "/services/nowhere", status=404),
)
# What answers with something else than a page.
NOT_PAGES = {"asset", "health.live", "health.ready"}
