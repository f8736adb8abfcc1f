"""A commissioner, a provider with a refuge, and an officer, with what they do in a line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.current import read_current
from directory.capacity.models import Unit
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import ListingKind
from directory.common.actor import Actor
from directory.editing.facts import Proposed
from directory.editing.models import Proposal
from directory.editing.proposals import correct, propose
from directory.editing.reviewing import approve
from tests import factories

ORGANISATION, SERVICE, UNIT = ListingKind.ORGANISATION, ListingKind.SERVICE, ListingKind.UNIT
DESCRIPTION = "A house with a garden, for women and their children."


def actor_of(user: User) -> Actor:
    """Somebody with an account, as the domain knows them."""
    return Actor(user.id, user.role.value, user.organisation_id)


@dataclass
class World:
    """The people and listings that tests of editing are about."""

    session: Session
    now: datetime
    organisation: Organisation
    service: Service
    unit: Unit
    commissioner: Actor
    provider: Actor
    colleague: Actor
    officer: Actor
    advocate: Actor

    def propose(self, wanted: Mapping[str, str], actor: Actor | None = None, **overrides: Any) -> Proposed:
        """A proposal for the service, made on what it says now."""
        values: dict[str, Any] = {"kind": SERVICE, "listing_id": self.service.id, "explanation": "", "base": None}
        values |= overrides
        if "base_version" not in values:
            values["base_version"] = self.number(values["kind"], values["listing_id"])
        kind, listing_id = values.pop("kind"), values.pop("listing_id")
        return propose(
            self.session, kind, listing_id, wanted=wanted, actor=actor or self.provider, now=self.now, **values
        )

    def correct(self, column: str, value: str, actor: Actor | None = None, **overrides: Any) -> Proposed:
        """A correction of the service, by an officer unless said otherwise."""
        values: dict[str, Any] = {"kind": SERVICE, "listing_id": self.service.id, "explanation": ""} | overrides
        kind, listing_id, explanation = values.pop("kind"), values.pop("listing_id"), values.pop("explanation")
        author = actor or self.officer
        return correct(self.session, kind, listing_id, column, value, explanation, author, self.now, **values)

    def approve(self, proposal_id: int) -> int:
        """The commissioner approves a proposal after having read it."""
        row = self.row(proposal_id)
        number = 0 if row.is_new else self.number(row.kind, row.listing_id)
        return approve(self.session, proposal_id, number, self.commissioner, self.now)

    def says(self, column: str, kind: ListingKind = SERVICE, listing_id: str | None = None) -> str:
        """What the catalogue says, of the service unless said otherwise."""
        return read_current(self.session, kind, listing_id or self.service.id).values[column]

    def number(self, kind: ListingKind = SERVICE, listing_id: str | None = None) -> int:
        """The version that a listing has."""
        return read_current(self.session, kind, listing_id or self.service.id).number

    def row(self, proposal_id: int) -> Proposal:
        """A proposal as it is kept."""
        query = select(Proposal).where(Proposal.id == proposal_id).execution_options(populate_existing=True)
        return self.session.execute(query).scalar_one()


def make_world(session: Session, now: datetime) -> World:
    """A published, complete refuge with a ring-fenced unit, and those who have to do with it."""
    organisation = factories.organisation(
        session, name="Rowan Collective", description="Led by women who have left.", phone="020 7946 0001"
    )
    service = factories.service(
        session,
        organisation,
        name="Rowan House",
        description=DESCRIPTION,
        location_disclosure="secret",
        response_target_minutes=60,
        referral_email="desk@example.org",
    )
    unit = factories.unit(session, service, name="Room 1", ringfence="nrpf", programme="LDN-SAFE-2026")
    people = {
        "commissioner": factories.user(session, "commissioner"),
        "provider": factories.user(session, "provider", organisation_id=organisation.id),
        "colleague": factories.user(session, "provider", organisation_id=organisation.id),
        "officer": factories.user(session, "officer"),
        "advocate": factories.user(session, "advocate"),
    }
    session.commit()
    actors = {word: actor_of(user) for word, user in people.items()}
    return World(session, now, organisation, service, unit, **actors)
