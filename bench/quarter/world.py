"""Sixty refuges in a database of their own, and what is true of their units, whatever the catalogue says."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.quarter.habits import HABITS, UNIT_TURNS_PER_DAY, Habit
from directory.accounts.permissions import Role
from directory.accounts.service import create_account
from directory.capacity.models import RingFence, Unit, UnitState, UnitStatePeriod
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure, ServiceKind
from directory.common.clock import london_date
from directory.common.migrate import upgrade
from directory.extensions import Database
from directory.messaging.models import Channel
from directory.upkeep.models import FIRST, SECOND, ServiceContact

SEED = 20260907
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
UNITS = range(2, 9)
HOURS = (7, 8, 9, 10)
COMMISSIONER = "commissioner@example.org"
_PUBLISHED = ListingStatus.PUBLISHED


@dataclass(slots=True)
class Provider:
    """A refuge: its habit, the reference of its account, and the true states of its units by id."""

    number: int
    habit: Habit
    account: str = ""
    truth: dict[str, UnitState] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of its service."""
        return f"refuge-{self.number:02}"

    @property
    def first(self) -> str:
        """Where its first contact is reminded."""
        return f"first-{self.number:02}@example.org"

    @property
    def second(self) -> str:
        """Where its second contact is reminded."""
        return f"second-{self.number:02}@example.org"

    def chance(self, what: str, when: object) -> random.Random:
        """Its luck in one thing at one time: the same in every run, with reminders and without."""
        return random.Random(f"{SEED}:{self.number}:{what}:{when}")

    def let_a_day_pass(self, day: int) -> None:
        """Some of its units are taken or become free."""
        chance = self.chance("turns", day)
        for unit_id, state in self.truth.items():
            if chance.random() < UNIT_TURNS_PER_DAY:
                self.truth[unit_id] = UnitState.OCCUPIED if state is UnitState.OPEN else UnitState.OPEN


def make_world(url: str, began: datetime) -> tuple[Database, list[Provider]]:
    """Migrate the database at `url` and fill it: every unit confirmed at the beginning, every listing reviewed then."""
    database = Database(url)
    upgrade(database.engine)
    habits = [habit for habit in HABITS for _ in range(habit.providers)]
    providers = [Provider(number, habit) for number, habit in enumerate(habits)]
    with database.new_session.begin() as session:
        for provider in providers:
            _add(session, provider, began)
        _account(session, COMMISSIONER, None, began)
    return database, providers


def read_units(session: Session, of: Provider | None = None) -> list[tuple[str, str, UnitState, datetime]]:
    """The units as the catalogue has them, all or one provider's: service, id, state, and when they were confirmed."""
    query = select(Unit.service_id, Unit.id, Unit.state, Unit.confirmed_at).order_by(Unit.id)
    rows = session.execute(query.where(Unit.service_id == of.id) if of else query)
    return [(row.service_id, row.id, row.state, row.confirmed_at or NEVER) for row in rows]


def _add(session: Session, provider: Provider, began: datetime) -> None:
    chance = provider.chance("units", "at the beginning")
    organisation_id = f"organisation-{provider.number:02}"
    session.add(Organisation(id=organisation_id, name=organisation_id, by_and_for=False, status=_PUBLISHED))
    session.flush()
    session.add(
        Service(
            id=provider.id,
            organisation_id=organisation_id,
            name=f"Refuge {provider.number:02}",
            kind=ServiceKind.REFUGE,
            location_disclosure=LocationDisclosure.SECRET,
            status=_PUBLISHED,
            verified_on=london_date(began),
        )
    )
    session.flush()
    for position, address in ((FIRST, provider.first), (SECOND, provider.second)):
        contact = ServiceContact(service_id=provider.id, position=position, channel=Channel.EMAIL, address=address)
        contact.hour, contact.updated_at, contact.updated_by = chance.choice(HOURS), began, "system"
        session.add(contact)
    for number in range(chance.choice(UNITS)):
        unit_id = f"{provider.id}-{number}"
        provider.truth[unit_id] = chance.choice((UnitState.OPEN, UnitState.OCCUPIED, UnitState.OCCUPIED))
        session.add(_unit(unit_id, provider, began))
    session.flush()
    for unit_id, state in provider.truth.items():
        session.add(UnitStatePeriod(unit_id=unit_id, began_at=began, state=state))
    provider.account = _account(session, f"staff-{provider.number:02}@example.org", organisation_id, began)


def _unit(unit_id: str, provider: Provider, began: datetime) -> Unit:
    return Unit(
        id=unit_id,
        service_id=provider.id,
        bedspaces=2,
        max_adults=1,
        max_children=1,
        ringfence=RingFence.NONE,
        state=provider.truth[unit_id],
        confirmed_at=began,
    )


def _account(session: Session, email: str, organisation_id: str | None, began: datetime) -> str:
    """An account of a provider, or without an organisation of the commissioner; its reference."""
    made = create_account(
        session,
        email=email,
        name="Somebody of the bench",
        role=Role.PROVIDER if organisation_id else Role.COMMISSIONER,
        organisation_id=organisation_id,
        area="",
        password=None,
        now=began,
    )
    return f"user-{made.id}"
