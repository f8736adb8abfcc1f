"""The pages on which listings are kept and proposals are answered, in the states that people meet them in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import delete, select

from directory.accounts.models import User
from directory.capacity.current import read_current
from directory.catalogue.versions.models import ListingKind
from directory.common.actor import Actor
from directory.common.clock import utc_now
from directory.editing.models import Proposal
from directory.editing.proposals import correct, propose
from directory.editing.reviewing import return_for_changes
from directory.messaging.models import OutboxMessage
from tests.journeys.states import State
from tests.journeys.visitor import Visitor
from tests.support.databases import committing

TEAM = "marigold-advocacy"
FORM, VERSIONS = f"/listings/services/{TEAM}/edit", f"/listings/services/{TEAM}/versions"
CORRECT = f"/listings/services/{TEAM}/correct"
STATUS = "/listings/services/sbs-advice/status"
QUEUE = "/manage/proposals"
WANTED = {
    "description": "Caseworkers and IDVAs who speak South Asian languages, attend five MARACs and go to court.",
    "phone": "020 7946 0999",
    "languages": "en;pa;so;ur",
}


def actor(session: Any, role: str) -> Actor:
    """The demonstration's person in a role."""
    user = session.scalars(select(User).where(User.role == role).order_by(User.id).limit(1)).one()
    return Actor(user.id, user.role.value, user.organisation_id)


@contextmanager
def proposed(visitor: Visitor, *, returned: bool = False, correction: bool = False) -> Iterator[int]:
    """A proposal for the advocacy team waits meanwhile, or was returned; then it is gone: others look too."""
    now = utc_now()
    with committing(visitor.site.database_url) as session:
        if correction:
            by = actor(session, "officer")
            made = correct(session, ListingKind.SERVICE, TEAM, "phone", "020 7946 0888", "I rang it.", by, now)
        else:
            number = read_current(session, ListingKind.SERVICE, TEAM).number
            made = propose(
                session,
                ListingKind.SERVICE,
                TEAM,
                base_version=number,
                base=None,
                wanted=WANTED,
                explanation="We have grown.",
                actor=actor(session, "provider"),
                now=now,
            )
        if returned:
            return_for_changes(session, made.id, "Is the number for anybody?", actor(session, "commissioner"), now)
    try:
        yield made.id
    finally:
        with committing(visitor.site.database_url) as session:
            session.execute(delete(Proposal))
            session.execute(delete(OutboxMessage).where(OutboxMessage.path.startswith("/proposals")))


def showing(path: str, **facts: Any) -> Callable[[Visitor], None]:
    """Open a page while a proposal is there, `{number}` in its path filled in."""

    def act(visitor: Visitor) -> None:
        with proposed(visitor, **facts) as number:
            visitor.open(path.format(number=number))

    return act


def _every_mistake(visitor: Visitor) -> None:
    for label, text in (("Name", ""), ("Opening hours", "whenever"), ("Phone", "nonsense"), ("Youngest age", "ten")):
        visitor.page.get_by_label(label, exact=True).fill(text)
    visitor.main.get_by_role("button", name="Send to the commissioner").click()
    visitor.mistakes.wait_for()


def _everything_unfolded(visitor: Visitor) -> None:
    for summary in visitor.main.locator("details.app-part > summary").all():
        summary.click()
    expect(visitor.page.get_by_label("Other languages")).to_be_visible()


def _clash(visitor: Visitor) -> None:
    """The form says what it was filled with: when that was something else, somebody has changed it meanwhile."""
    seen = visitor.page.locator("input[name=seen]")
    phone = visitor.page.get_by_label("Phone", exact=True)
    seen.evaluate("(field, now) => { field.value = field.value.replace(now, '020 7946 0777') }", phone.input_value())
    phone.fill("020 7946 0888")
    visitor.main.get_by_role("button", name="Send to the commissioner").click()
    visitor.sees("Somebody else changed Marigold advocacy team")


def _clash_without_an_answer(visitor: Visitor) -> None:
    _clash(visitor)
    visitor.main.get_by_role("button", name="Send again").click()
    visitor.mistakes.wait_for()


def _about_a_person(visitor: Visitor) -> None:
    visitor.page.get_by_label("Description", exact=True).fill("Ask for Mrs Fatima Begum.")
    visitor.main.get_by_role("button", name="Send").click()
    visitor.mistakes.wait_for()


def _no_without_a_reason(visitor: Visitor) -> None:
    with proposed(visitor) as number:
        visitor.open(f"{QUEUE}/{number}")
        visitor.main.get_by_role("button", name="Reject").click()
        visitor.mistakes.wait_for()


def _changed_meanwhile(visitor: Visitor) -> None:
    with proposed(visitor) as number:
        visitor.open(f"{QUEUE}/{number}")
        visitor.page.locator("input[name=seen]").evaluate("field => { field.value = '99' }")
        visitor.main.get_by_role("button", name="Approve").click()
        expect(visitor.page.get_by_role("alert")).to_contain_text("The listing has changed")


STATES = (
    State("own-listings", "editing.own", "provider", "/provider/listings"),
    State("own-listings-waiting", "editing.own", "provider", "/", act=showing("/provider/listings")),
    State("listing-form", "editing.form", "provider", FORM),
    State("listing-form-unfolded", "editing.form", "provider", FORM, act=_everything_unfolded),
    State("listing-form-mistakes", "editing.form", "provider", FORM, act=_every_mistake),
    State("listing-form-conflict", "editing.form", "provider", FORM, act=_clash),
    State("listing-form-conflict-open", "editing.form", "provider", FORM, act=_clash_without_an_answer),
    State("listing-form-organisation", "editing.form", "provider", "/listings/organisations/marigold-women/edit"),
    State("listing-form-unit", "editing.form", "provider", "/listings/units/marigold-01/edit"),
    State("listing-form-commissioner", "editing.form", "commissioner", "/listings/units/marigold-01/edit"),
    State(
        "listing-form-again",
        "editing.form",
        "provider",
        "/",
        act=showing(f"{FORM}?proposal={{number}}", returned=True),
    ),
    State("listing-new-service", "editing.new", "provider", "/listings/services/new"),
    State("listing-new-unit", "editing.new", "provider", "/listings/units/new?owner=marigold-house"),
    State("listing-new-organisation", "editing.new", "commissioner", "/listings/organisations/new"),
    State("listing-not-ours", "editing.form", "provider", "/listings/services/saffron-helpline/edit", status=404),
    State("correct", "editing.correct", "officer", CORRECT),
    State("correct-field", "editing.correct_field", "officer", f"{CORRECT}/languages"),
    State("correct-person", "editing.correct_field", "officer", f"{CORRECT}/description", act=_about_a_person),
    State("correct-thanks", "editing.sent", "officer", "/", act=showing("/proposals/{number}/sent", correction=True)),
    State("proposal-sent", "editing.sent", "provider", "/", act=showing("/proposals/{number}/sent")),
    State("proposals-none", "editing.mine", "advocate", "/proposals"),
    State("proposals-some", "editing.mine", "provider", "/", act=showing("/proposals", returned=True)),
    State("proposal", "editing.proposal", "provider", "/", act=showing("/proposals/{number}")),
    State("proposal-returned", "editing.proposal", "provider", "/", act=showing("/proposals/{number}", returned=True)),
    State("versions", "editing.versions", "provider", VERSIONS),
    State("version", "editing.version", "commissioner", f"{VERSIONS}/1"),
    State("versions-compared", "editing.compare", "provider", f"{VERSIONS}/compare?older=1&newer=1"),
    State("version-restore", "editing.ask_to_restore", "commissioner", f"{VERSIONS}/1/restore"),
    State("status", "editing.status", "commissioner", STATUS),
    State("status-publish-incomplete", "editing.ask_for_status", "commissioner", f"{STATUS}/published"),
    State("status-withdraw", "editing.ask_for_status", "commissioner", f"{STATUS}/withdrawn"),
    State("review-queue-empty", "review.queue", "commissioner", QUEUE),
    State("review-queue", "review.queue", "commissioner", "/", act=showing(QUEUE)),
    State("review", "review.proposal", "commissioner", "/", act=showing(f"{QUEUE}/{{number}}")),
    State("review-returned", "review.proposal", "commissioner", "/", act=showing(f"{QUEUE}/{{number}}", returned=True)),
    State("review-mistake", "review.proposal", "commissioner", "/", act=_no_without_a_reason),
    State("review-changed", "review.proposal", "commissioner", "/", act=_changed_meanwhile),
    State("manage", "manage.home", "commissioner", "/manage"),
    State("manage-listings", "manage.listings", "commissioner", "/manage/listings"),
    State("manage-listings-none", "manage.listings", "commissioner", "/manage/listings?words=nowhere"),
)
