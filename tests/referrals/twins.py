"""A story told in two worlds that differ only in what one unit is funded for, and all that anybody sees of it."""

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.models import User
from directory.accounts.permissions import Scope
from directory.accounts.tokens import issue_token
from directory.capacity.models import RingFence, Unit
from directory.catalogue.vocabulary import AcceptsNrpf
from directory.config import Settings
from directory.extensions import Database
from directory.factory import create_app
from directory.messaging.kinds import MessageKind, render
from directory.messaging.models import OutboxMessage
from tests import factories
from tests.referrals.world import Place, World, actor_of
from tests.support.clock import Clock
from tests.support.pages import PageClient

# What is encrypted or signed with randomness or time of the machine's own: the links of searches, which only who
# searched can have, and the tokens against forged forms.
MASKED = re.compile(
    r'gAAAAA[\w=-]+|(?<=name="csrf_token" value=")[^"]*|(?<=name="csrf_token" type="hidden" value=")[^"]*'
)
# What a unit is funded for; and what is random in each world and about nobody.
APART = {"units": {"ringfence"}, "users": {"password_hash", "session_key"}, "change_marks": {"token"}}
HEADERS = ("Location", "Refresh", "Content-Type", "Content-Length", "Cache-Control")


@dataclass(frozen=True)
class Seen:
    """What somebody was shown: who, what they did, and everything of the answer."""

    who: str
    what: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def is_of_own_units(self) -> bool:
        """Whether it is the page on which the refuge's staff see their units."""
        return self.who == "marigold" and self.what.startswith("/provider ")


@dataclass
class Told:
    """Everything that was seen, and every row that is left."""

    seen: list[Seen] = field(default_factory=list)
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


def differences(one: Told, other: Told) -> list[str]:
    """Who could tell the two worlds apart, by what; empty where nobody can."""
    if [(seen.who, seen.what) for seen in one.seen] != [(seen.who, seen.what) for seen in other.seen]:
        return ["what could be looked at"]
    # What its own staff are told of their units is theirs to know.
    pairs = [pair for pair in zip(one.seen, other.seen, strict=True) if not pair[0].is_of_own_units]
    found = [f"{first.who}: {first.what}" for first, second in pairs if first != second]
    return found + [f"rows of {table}" for table in one.rows if one.rows[table] != other.rows[table]]


@contextmanager
def same_randomness() -> Iterator[None]:
    """In each world the same numbers come up: references, keys and links are the same, byte by byte."""
    source = random.Random(1)  # noqa: S311
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_bytes", lambda count=32: source.randbytes(count))
        patch.setattr(secrets, "choice", source.choice)
        patch.setattr(secrets, "randbits", source.getrandbits)
        yield


def tell(url: str, folder: Path, now: datetime, ringfence: RingFence, *, whole: bool = True, asks: bool = True) -> Told:
    """Tell the story, or its beginning, in a world of its own, where the unit is funded so.

    `asks`: those who search ask for a place that does not depend on public funds.
    """
    with same_randomness():
        story = Story(url, folder, now, ringfence, asks=asks)
        try:
            story.tell(whole=whole)
        finally:
            story.database.engine.dispose()
    return story.told


class Browser(PageClient):
    """A browser that does not hold each page to the page contract: other tests do, and here are hundreds."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's own client does."""
        return FlaskClient.open(self, *args, **kwargs)


class Story:
    """Two refuges, those who refer to them, those who work there, and everybody else."""

    def __init__(self, url: str, folder: Path, now: datetime, ringfence: RingFence, *, asks: bool) -> None:
        self.told = Told()
        self.question = {"near": "Hackney", "adults": "1"} | ({"nrpf": "y"} if asks else {})
        self.clock = Clock(now)
        self.database = Database(url)
        self.session = self.database.new_session()
        self.world = World.made(self.session, folder, now, email="founder@example.org", name="Founder")
        self.marigold, self.rowan = (
            self._refuge("marigold", "Room 4", ringfence),
            self._refuge("rowan", "Room 1", RingFence.NONE),
        )
        roles = ("officer", "advocate", "commissioner", "auditor", "administrator")
        self.people = {role: self._user(role, role) for role in roles}
        self.people["author"] = self._user("author", "officer")
        for place, name in ((self.marigold, "marigold"), (self.rowan, "rowan")):
            self.people[name] = self._user(name, "provider", organisation_id=place.service.organisation_id)
            place.staff = actor_of(self.people[name])
        self.world.officer = actor_of(self.people["author"])
        self.token = issue_token(self.session, self.people["officer"], [Scope.HOLDS, Scope.SEARCH], now)
        self.session.commit()
        keystore = f"sqlite:///{folder / 'keystore.sqlite3'}"
        settings = Settings(database_url=url, keystore_url=keystore, secret_key="a secret of the twins alone")
        self.app: Flask = create_app(settings, database=self.database, clock=self.clock)
        self.app.testing = True
        self.app.test_client_class = Browser
        self.browsers: dict[str, Browser] = {}

    # The world.

    def _refuge(self, name: str, room: str, ringfence: RingFence) -> Place:
        """One that takes people without recourse in its ordinary units too, so that each twin fits the question."""
        owner = factories.organisation(self.session, id=name, name=name.capitalize())
        service = factories.service(
            self.session,
            owner,
            id=f"{name}-house",
            name=f"{name.capitalize()} House",
            accepts_nrpf=AcceptsNrpf.YES,
            referral_email=f"{name}@example.org",
        )
        unit = factories.unit(self.session, service, id=f"{name}-unit", name=room, ringfence=ringfence)
        return Place(service, self.world.officer, [unit])

    def _user(self, name: str, role: str, **more: Any) -> User:
        return factories.user(self.session, role, email=f"{name}@example.org", name=name.capitalize(), **more)

    def _browser(self, who: str) -> Browser:
        """Somebody’s browser, signed in."""
        if who not in self.browsers:
            client = self.app.test_client()
            assert isinstance(client, Browser)
            client.submit("/sign-in", {"email": self.people[who].email, "password": factories.PASSWORD})
            self.browsers[who] = client
        return self.browsers[who]

    def _wait(self, **duration: float) -> None:
        """Time passes, and whoever comes back signs in again: nobody stays signed in for long."""
        self.world.now = self.clock.advance(**duration)
        self.browsers.clear()

    # What people do and see.

    def _note(self, who: str, what: str, response: TestResponse) -> TestResponse:
        headers = tuple((name, MASKED.sub("", response.headers.get(name, ""))) for name in HEADERS)
        body = MASKED.sub("", response.get_data(as_text=True))
        self.told.seen.append(Seen(who, MASKED.sub("", what), response.status_code, headers, body))
        return response

    def look(self, who: str, path: str) -> None:
        """Somebody opens a page."""
        self._note(who, path, self._browser(who).get(path))

    def press(self, who: str, path: str, form: str = "", status: int = 303, **values: Any) -> TestResponse:
        """Somebody fills in the form (by its id or action) on a page; that it comes to this makes the story go on."""
        client = self._browser(who)
        page = client.page(path)
        chosen = client._form(page, form or None)
        sent = page.form_values(chosen) | values
        response = client.post(chosen.get("action") or path, data=sent)
        assert response.status_code == status, f"{who}: {path} {form}: {response.get_data(as_text=True)}"
        return self._note(who, f"{path} {form}", response)

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> TestResponse:
        """A program asks the API."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        response = self.app.test_client().open(path, method=method, headers=headers, **options)
        assert response.status_code == status, response.get_data(as_text=True)
        return self._note("program", f"{method} {path}", response)

    def everybody_looks(self, reference: str = "", hold: str = "") -> None:
        """Everybody opens whatever there is about holds and referrals; what is not theirs they are refused."""
        for who in self.people:
            self.look(who, "/holds")
            self.look(who, "/referrals")
            self.look(who, "/provider/referrals")
            self.look(who, "/referrals/unanswered")
            self.look(who, "/services/marigold-house")
            if reference:
                self.look(who, f"/referrals/{reference}")
                self.look(who, f"/provider/referrals/{reference}")
            if hold:
                self.look(who, f"/holds/{hold}")
        self.look("auditor", "/audit")
        self.look("administrator", "/messages")
        self.ask("GET", "/api/v1/holds")

    # The story.

    def tell(self, *, whole: bool) -> None:
        """From a search to the first no; and on to the end of five referrals, with everything that can go wrong."""
        results = self._search("author")
        rivals = self._search("officer")
        hold = self._hold("author", results)
        self._too_late(rivals)
        self.look("author", f"/holds/{hold}")
        self.press("author", f"/holds/{hold}", f"/holds/{hold}/extend")
        self._wait(minutes=5)
        reference = self._refer(hold)
        self.everybody_looks(reference, hold)
        self._the_provider_answers(reference)
        if whole:
            self._silence()
            self._it_moves_on()
            self._she_arrives()
            self._everything_runs_out()
        self._keep_rows()

    def _search(self, who: str) -> str:
        location = self.press(who, "/search", **self.question).headers["Location"]
        self.look(who, location)
        return location

    def _hold(self, who: str, results: str) -> str:
        response = self.press(who, results, "hold", hold="marigold-unit")
        return response.headers["Location"].rpartition("/")[2]

    def _too_late(self, results: str) -> None:
        """Another officer wants what is held, from the page that showed it and over the API; so does a second tap."""
        page = self._browser("officer").page(results)
        values = page.form_values(page.one("form", id="hold")) | {"hold": "marigold-unit"}
        self._note("officer", "held already", self._browser("officer").post("/holds", data=values))
        for number, body in enumerate(
            ({}, {"search": {"near": "Hackney", "adults": 1, "nrpf": "nrpf" in self.question}})
        ):
            wish = {"unit_id": "marigold-unit", **body}
            self.ask("POST", "/api/v1/holds", 409, json=wish, headers={"Idempotency-Key": f"key-{number}"})

    def _refer(self, hold: str) -> str:
        form = {
            "needs": ["domestic-abuse"], "adults": "1", "risk": "standard", "consent": "y", "consent_how": "in_person",
            "consent_when": "now", "alias": "Bluebell", "channel": "text", "address": "07700 900123",
            "safe_times": "weekday mornings",
        }  # fmt: skip
        check = self.press("author", f"/referrals/new/hold/{hold}", "referral", **form).headers["Location"]
        self.look("author", check)
        reference = check.split("/")[2]
        self.press("author", check, f"/referrals/{reference}/send")
        return reference

    def _the_provider_answers(self, reference: str) -> None:
        """Its unit cannot be taken away meanwhile; then it says no, and the referrer closes."""
        self.press("marigold", "/provider", "states", 409, occupied="marigold-unit")
        inbox = f"/provider/referrals/{reference}"
        self.press("marigold", inbox, f"{inbox}/see")
        self.press("marigold", f"{inbox}/decline", reason="too_near", declined_by="provider")
        self.everybody_looks(reference)
        self.press("author", f"/referrals/{reference}", f"/referrals/{reference}/close")

    def _silence(self) -> None:
        """Nobody answers; the next is asked, who says yes, and she does not arrive."""
        reference = self.world.sent(self.marigold, self.rowan)
        self._wait(minutes=31)
        self._run_due()
        self._wait(minutes=30)
        self.everybody_looks(reference)
        self._run_due()
        self.world.next(reference)
        self.look("author", f"/referrals/{reference}")
        self.world.accept(reference, self.rowan.staff)
        self.world.arrival(reference, self.rowan.staff, arrived=False)
        self.look("author", f"/referrals/{reference}")

    def _it_moves_on(self) -> None:
        """It goes on by itself after a no, and is taken back."""
        self._wait(minutes=1)
        reference = self.world.sent(self.marigold, self.rowan, moves_on=True)
        self.world.decline(reference, self.marigold.staff)
        for who in ("author", "officer", "rowan"):
            self.look(who, f"/referrals/{reference}")
            self.look(who, f"/provider/referrals/{reference}")
        self.world.withdraw(reference)

    def _she_arrives(self) -> None:
        """She is taken: the unit is occupied, and wanted all the same."""
        results = self._search("officer")
        page = self._browser("officer").page(results)
        values = page.form_values(page.one("form", id="hold")) | {"hold": "marigold-unit"}
        self._wait(minutes=1)
        reference = self.world.sent(self.marigold)
        self.world.accept(reference, self.marigold.staff)
        self.look("author", f"/referrals/{reference}")
        self._wait(minutes=90)
        self.world.arrival(reference, self.marigold.staff)
        self._note("officer", "occupied", self._browser("officer").post("/holds", data=values))
        wish = {"unit_id": "marigold-unit"}
        self.ask("POST", "/api/v1/holds", 409, json=wish, headers={"Idempotency-Key": "key-9"})
        self.everybody_looks(reference)

    def _everything_runs_out(self) -> None:
        """A hold that runs out by itself; and then eight days in which the job runs."""
        self.press("marigold", "/provider", "states", open="marigold-unit")
        wish = {"unit_id": "marigold-unit"}
        made = self.ask("POST", "/api/v1/holds", 201, json=wish, headers={"Idempotency-Key": "key-10"})
        hold = made.get_json()["id"]
        self.ask("POST", f"/api/v1/holds/{hold}/extend")
        self._wait(hours=3)
        self.everybody_looks(hold=hold)
        for _ in range(8):
            self._wait(days=1)
            self._run_due()
        self.everybody_looks(hold=hold)

    def _run_due(self) -> None:
        self.world.run_due(self.database.new_session)

    def _keep_rows(self) -> None:
        """What is in the database at the end, and the messages as they would be read."""
        connection = self.session.connection()
        for table in sorted(inspect(connection).get_table_names()):
            names = [one["name"] for one in inspect(connection).get_columns(table)]
            shown = ", ".join(f'"{name}"' for name in names if name not in APART.get(table, set()))
            rows = connection.execute(text(f'SELECT {shown} FROM "{table}"')).all()  # noqa: S608
            self.told.rows[table] = sorted((tuple(row) for row in rows), key=repr)
        for message in self.session.scalars(select(OutboxMessage).order_by(OutboxMessage.made_at, OutboxMessage.id)):
            sent = render(MessageKind(message.kind), message.channel, message.reference, message.path)
            said = f"{message.address}\n{sent.subject}\n{sent.text}"
            self.told.seen.append(Seen("mailbox", "message", 0, (), said))
        self.session.rollback()


def ringfenced(session: Session, service_id: str) -> bool:
    """Whether a service has a ring-fenced unit: what a leak that a test plants would tell."""
    query = select(Unit.id).where(Unit.service_id == service_id, Unit.ringfence == RingFence.NRPF)
    return session.scalar(query) is not None
