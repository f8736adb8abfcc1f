"""A small world to refer in: an officer, refuges with units and staff, a keystore; and a clock that it shares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.accounts.models import User
from directory.capacity.availability import Moment
from directory.capacity.models import Unit
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ServiceKind
from directory.common.actor import Actor
from directory.common.clock import london_date
from directory.common.errors import DomainError
from directory.extensions import begin_writing
from directory.referrals import service as referrals
from directory.referrals.models import Referral
from directory.referrals.vocabulary import ConsentHow, DeclinedBy, DeclineReason, ReferralState, Risk
from tests import factories

T = TypeVar("T")
CONTACT = referrals.safe_contact(
    alias="Bluebell",
    channel="call",
    address="07700 900123",
    safe_times="Weekdays while school is on",
    say="the library",
)


def actor_of(user: User) -> Actor:
    """Somebody with an account, as the domain knows them."""
    return Actor(user.id, user.role.value, user.organisation_id)


@dataclass
class Place:
    """A service, one of its staff and its units."""

    service: Service
    staff: Actor
    units: list[Unit]

    @property
    def option(self) -> referrals.Option:
        """The service with its first unit, as a plan names them."""
        return self.option_of(0)

    def option_of(self, number: int) -> referrals.Option:
        """The service with one of its units."""
        return referrals.Option(self.service.id, self.units[number].id if self.units else None)


def moment_at(now: datetime) -> Moment:
    """The instant with the times for which confirmations count."""
    return Moment(now, timedelta(hours=24), timedelta(hours=72))


def place(session: Session, units: int = 1, *, unit: dict[str, Any] | None = None, **service: Any) -> Place:
    """A refuge with so many units (or, without, a service of another kind) and somebody who works there."""
    kind = ServiceKind.REFUGE if units else ServiceKind.COUNSELLING
    made = factories.service(session, **{"kind": kind, **service})
    staff = factories.user(session, "provider", organisation_id=made.organisation_id)
    return Place(made, actor_of(staff), [factories.unit(session, made, **(unit or {})) for _ in range(units)])


@dataclass
class World:
    """Who refers, and with what. Each action is a transaction of its own, as a page makes it."""

    session: Session
    keystore: referrals.Keystore
    now: datetime
    officer: Actor
    references: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, session: Session, folder: Path, now: datetime, **account: Any) -> "World":
        """A world with an officer in it, whose `account` may be named."""
        keystore = referrals.Keystore(f"sqlite:///{folder / 'keystore.sqlite3'}")
        officer = actor_of(factories.user(session, "officer", **account))
        factories.taxonomies(session)
        session.commit()
        return cls(session, keystore, now, officer)

    @property
    def moment(self) -> Moment:
        return moment_at(self.now)

    def advance(self, **duration: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**duration)
        return self.now

    def place(self, units: int = 1, **overrides: Any) -> Place:
        """A refuge with units, or with none another service."""
        made = place(self.session, units, **overrides)
        self.session.commit()
        return made

    def content(self, **overrides: Any) -> referrals.Content:
        """What is written; a mother with a girl, unless a test says otherwise."""
        consent = referrals.Consent(
            ConsentHow.IN_PERSON, overrides.pop("consent_at", self.now), overrides.pop("covers_plan", True)
        )
        values: dict[str, Any] = {
            "needs": ("domestic-abuse",),
            "adults": 1,
            "children": (referrals.ChildBand.GIRL_5_10,),
            "language": "",
            "access_features": (),
            "risk": Risk.MEDIUM,
            "consent": consent,
            "moves_on": False,
            "reported_on": london_date(self.now),
        }
        return referrals.Content(**values | overrides)

    def act(self, do: Callable[[], T]) -> T:
        """Do something in a transaction of its own; refused, nothing of it stays."""
        begin_writing(self.session)
        try:
            done = do()
            self.session.commit()
        except DomainError:
            self.session.rollback()
            raise
        return done

    def draft(self, *plan: Place | referrals.Option, author: Actor | None = None, **content: Any) -> str:
        """A draft for these places; its reference."""
        options = options_of(plan)
        reference = self.act(
            lambda: referrals.draft_referral(
                self.session,
                self.keystore,
                author or self.officer,
                self.content(**content),
                CONTACT,
                options,
                self.moment,
            )
        )
        self.references.append(reference)
        return reference

    def change(self, reference: str, *plan: Place | referrals.Option, **content: Any) -> None:
        """The author writes a draft anew."""
        session, options = self.session, options_of(plan)
        written = self.content(**content)
        self.act(
            lambda: referrals.change_draft(
                session, self.keystore, reference, self.officer, written, CONTACT, options, self.moment
            )
        )

    def send(self, reference: str, actor: Actor | None = None) -> None:
        """Send a draft."""
        self.act(
            lambda: referrals.send_referral(self.session, self.keystore, reference, actor or self.officer, self.moment)
        )

    def sent(self, *plan: Place | referrals.Option, **content: Any) -> str:
        """A referral that was sent to the first of these places."""
        reference = self.draft(*plan, **content)
        self.send(reference)
        return reference

    def see(self, reference: str, staff: Actor) -> None:
        """The service has seen it."""
        self.act(lambda: referrals.see_referral(self.session, self.keystore, reference, staff, self.now))

    def accept(self, reference: str, staff: Actor) -> None:
        """The service says yes."""
        self.act(lambda: referrals.accept_referral(self.session, self.keystore, reference, staff, self.now))

    def decline(
        self,
        reference: str,
        staff: Actor,
        by: DeclinedBy = DeclinedBy.PROVIDER,
        reason: DeclineReason = DeclineReason.NO_CAPACITY,
    ) -> None:
        """The service says no."""
        self.act(
            lambda: referrals.decline_referral(self.session, self.keystore, reference, staff, by, reason, self.moment)
        )

    def next(self, reference: str, *, agreed: bool = False, actor: Actor | None = None) -> None:
        """The referrer asks the next service of the plan."""
        self.act(
            lambda: referrals.take_next_step(
                self.session, self.keystore, reference, actor or self.officer, self.moment, agreed=agreed
            )
        )

    def choose(self, reference: str, *plan: Place | referrals.Option, actor: Actor | None = None) -> None:
        """The referrer chooses other services."""
        self.act(
            lambda: referrals.choose_next(
                self.session, self.keystore, reference, actor or self.officer, options_of(plan), self.moment
            )
        )

    def withdraw(self, reference: str, actor: Actor | None = None) -> None:
        """The referrer takes it back."""
        self.act(
            lambda: referrals.withdraw_referral(self.session, self.keystore, reference, actor or self.officer, self.now)
        )

    def close(self, reference: str, actor: Actor | None = None) -> None:
        """The referrer closes it."""
        self.act(
            lambda: referrals.close_referral(self.session, self.keystore, reference, actor or self.officer, self.now)
        )

    def arrival(self, reference: str, actor: Actor, *, arrived: bool = True) -> None:
        """Somebody says whether she arrived."""
        self.act(
            lambda: referrals.record_arrival(self.session, self.keystore, reference, actor, self.now, arrived=arrived)
        )

    def run_due(self, new_session: Callable[[], Session]) -> referrals.DueReport:
        """Do what is due now; nothing may go wrong."""
        self.session.rollback()
        report = referrals.do_what_is_due(new_session, self.keystore, self.moment)
        assert report.failed == []
        self.session.expire_all()
        return report

    def referral(self, reference: str) -> Referral:
        """What is stored now."""
        self.session.rollback()
        return self.session.scalars(
            select(Referral)
            .where(Referral.reference == reference)
            .options(selectinload(Referral.steps), selectinload(Referral.moves))
            .execution_options(populate_existing=True)
        ).one()

    def state(self, reference: str) -> ReferralState:
        """The state that is stored now."""
        return self.referral(reference).state


def options_of(plan: Sequence[Place | referrals.Option]) -> list[referrals.Option]:
    """A plan of places or options."""
    return [one.option if isinstance(one, Place) else one for one in plan]
