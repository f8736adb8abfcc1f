"""What the workers contend for: one pool of units, and the people who want them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from directory.accounts.permissions import Role
from directory.accounts.service import create_account
from directory.capacity.availability import Moment
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure, ServiceKind
from directory.common.actor import Actor
from directory.common.migrate import upgrade
from directory.extensions import Database

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pool:
    """Units that are open and confirmed, all of one service, and people by the ids of their accounts."""

    url: str
    units: tuple[str, ...]
    people: tuple[int, ...]

    def actor(self, slot: int) -> Actor:
        """Who works in this slot: two slots share one account, so that a person also contends with herself."""
        return Actor(self.people[slot // 2 % len(self.people)], Role.OFFICER.value)


def moment_now() -> Moment:
    """This instant; confirmations count long enough for any bench."""
    return Moment(datetime.now(UTC), DAY, WEEK)


def make_pool(url: str, units: int, people: int) -> Pool:
    """Migrate the database at `url`, and put a service with its units and some accounts into it."""
    database = Database(url)
    upgrade(database.engine)
    now = datetime.now(UTC)
    with database.new_session.begin() as session:
        session.add(Organisation(id="pool", name="Pool", by_and_for=False, status=ListingStatus.PUBLISHED))
        session.flush()
        session.add(
            Service(
                id="pool-house",
                organisation_id="pool",
                name="Pool House",
                kind=ServiceKind.REFUGE,
                location_disclosure=LocationDisclosure.SECRET,
                status=ListingStatus.PUBLISHED,
            )
        )
        session.flush()
        session.add_all(_unit(number, now) for number in range(units))
        accounts = [
            create_account(
                session,
                email=f"bench-{number}@example.org",
                name=f"Bench {number}",
                role=Role.OFFICER,
                organisation_id=None,
                area="",
                password=None,
                now=now,
            )
            for number in range(people)
        ]
        session.flush()
        pool = Pool(
            url,
            tuple(session.scalars(select(Unit.id).where(Unit.service_id == "pool-house").order_by(Unit.id))),
            tuple(account.id for account in accounts),
        )
    database.engine.dispose()
    return pool


def _unit(number: int, now: datetime) -> Unit:
    return Unit(
        id=f"pool-{number:03}",
        service_id="pool-house",
        bedspaces=2,
        max_adults=1,
        max_children=1,
        ringfence=RingFence.NRPF if number % 2 else RingFence.NONE,
        state=UnitState.OPEN,
        confirmed_at=now,
    )
