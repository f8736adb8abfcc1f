"""Publishing what is complete, withdrawing what nobody waits at. Nothing is deleted."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.capacity.models import Unit
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import CatalogueChange, ChangeKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import NotAllowedError, NotFoundError, RefusedError
from directory.editing.completeness import missing
from directory.editing.errors import ChangedMeanwhileError, IncompleteError, OpenReferralsError
from directory.editing.status import change_status, services_of
from directory.referrals.models import Referral
from directory.referrals.service import Keystore, open_referrals
from tests import factories
from tests.editing.world import DESCRIPTION, ORGANISATION, SERVICE, UNIT, World
from tests.factories.referrals import referral

PUBLISHED, WITHDRAWN, SUSPENDED = ListingStatus.PUBLISHED, ListingStatus.WITHDRAWN, ListingStatus.SUSPENDED
COMPLETE = {
    "kind": "advocacy",
    "description": DESCRIPTION,
    "response_target_minutes": 60,
    "status": "draft",
}


def change(world: World, status: ListingStatus, service: Service | None = None, **overrides: object) -> int:
    listing = service or world.service
    values = {"open_referrals": 0, "seen_number": world.number(SERVICE, listing.id)} | overrides
    number = int(str(values.pop("seen_number")))
    return change_status(world.session, SERVICE, listing.id, status, number, world.commissioner, world.now, **values)  # type: ignore[arg-type]


def columns_missing(world: World, service: Service) -> list[str]:
    return [one.column for one in missing(world.session, SERVICE, service.id)]


def test_a_complete_draft_is_published(world: World) -> None:
    draft = factories.service(world.session, world.organisation, **COMPLETE)

    number = change(world, PUBLISHED, draft)

    assert world.says("status", SERVICE, draft.id) == "published"
    assert world.session.get_one(CatalogueChange, number).kind is ChangeKind.STATUS
    flush_audit(world.session)
    told = world.session.execute(select(AuditEntry.event, AuditEntry.details)).all()
    assert ("listing_status_changed", f'{{"listing":"{draft.id}","status":"published"}}') in {
        tuple(row) for row in told
    }


@pytest.mark.parametrize(
    ("lacking", "column"),
    [
        ({"description": ""}, "description"),
        ({"genders": ()}, "genders"),
        ({"areas": ()}, "areas"),
        ({"hours": ""}, "hours"),
        ({"borough_code": None}, "borough"),
        ({"accepts_nrpf": None}, "accepts_nrpf"),
        ({"response_target_minutes": None}, "response_target_minutes"),
        ({"phone": ""}, "phone"),
        ({"needs": ()}, "needs"),
    ],
)
def test_each_thing_that_a_service_lacks_is_explained(world: World, lacking: dict[str, object], column: str) -> None:
    draft = factories.service(world.session, world.organisation, **COMPLETE | lacking)

    [one] = missing(world.session, SERVICE, draft.id)
    assert one.column == column
    assert one.label != one.column
    assert one.why.endswith((".", "?"))
    with pytest.raises(IncompleteError) as error:
        change(world, PUBLISHED, draft)
    assert [found.column for found in error.value.missing] == [column]
    assert world.says("status", SERVICE, draft.id) == "draft"


@pytest.mark.parametrize("way", ["phone", "professional_phone"])
def test_one_way_to_reach_a_service_is_enough(world: World, way: str) -> None:
    draft = factories.service(world.session, world.organisation, **COMPLETE | {"phone": "", way: "020 7946 0004"})

    assert columns_missing(world, draft) == []


def test_a_refuge_needs_a_unit_and_no_area(world: World) -> None:
    refuge = factories.service(world.session, world.organisation, **COMPLETE | {"kind": "refuge", "areas": ()})
    assert columns_missing(world, refuge) == ["units"]

    unit = factories.unit(world.session, refuge)
    assert columns_missing(world, refuge) == []
    unit.state, unit.removed_at = "closed", world.now  # type: ignore[assignment]
    world.session.flush()
    assert columns_missing(world, refuge) == ["units"]


def test_a_helpline_lies_nowhere(world: World) -> None:
    line = factories.service(world.session, world.organisation, **COMPLETE | {"kind": "helpline", "borough_code": None})

    assert columns_missing(world, line) == []


def test_a_service_of_an_unpublished_organisation_would_be_shown_nowhere(world: World) -> None:
    owner = factories.organisation(world.session, name="Alder Trust", status="draft")
    service = factories.service(world.session, owner, **COMPLETE)

    [one] = missing(world.session, SERVICE, service.id)

    assert one.column == "organisation_id"
    assert "Alder Trust is not published" in one.why


def test_what_an_organisation_needs(world: World) -> None:
    bare = factories.organisation(world.session, status="draft")
    assert [one.column for one in missing(world.session, ORGANISATION, bare.id)] == ["description", "phone"]

    bare.description, bare.website = "Who we are.", "https://www.example.org"
    world.session.flush()

    change_status(world.session, ORGANISATION, bare.id, PUBLISHED, 0, world.commissioner, world.now, open_referrals=0)
    assert world.session.get_one(Organisation, bare.id).status is PUBLISHED


@pytest.mark.parametrize("who", ["provider", "officer", "advocate"])
def test_nobody_else_changes_a_status(world: World, who: str) -> None:
    with pytest.raises(NotAllowedError):
        change_status(
            world.session, SERVICE, world.service.id, WITHDRAWN, 0, getattr(world, who), world.now, open_referrals=0
        )


def test_units_have_none(world: World) -> None:
    with pytest.raises(NotFoundError):
        change_status(world.session, UNIT, world.unit.id, WITHDRAWN, 0, world.commissioner, world.now, open_referrals=0)
    with pytest.raises(NotFoundError):
        missing(world.session, UNIT, world.unit.id)


def test_the_same_status_again_is_refused(world: World) -> None:
    with pytest.raises(RefusedError, match="already"):
        change(world, PUBLISHED)


def test_two_commissioners_at_once(world: World) -> None:
    change(world, SUSPENDED)

    with pytest.raises(ChangedMeanwhileError) as error:
        change(world, WITHDRAWN, seen_number=0)
    assert error.value.number == 2
    assert world.says("status") == "suspended"


def test_withdrawing_deletes_nothing_and_is_taken_back(world: World) -> None:
    change(world, WITHDRAWN)
    assert world.session.get_one(Unit, world.unit.id).removed_at is None
    assert world.session.get_one(Service, world.service.id).removed_at is None

    change(world, PUBLISHED)

    assert world.says("status") == "published"


@pytest.fixture
def keystore(tmp_path: Path) -> Keystore:
    return Keystore(f"sqlite:///{tmp_path}/keys.sqlite3")


def test_nobody_who_waits_is_left_standing(world: World, keystore: Keystore) -> None:
    author = factories.user(world.session)
    other = factories.unit(world.session, factories.service(world.session, referral_email="other@example.org"))
    referral(world.session, keystore, author, [world.unit, other], world.now)

    count = open_referrals(world.session, services_of(world.session, SERVICE, world.service.id))

    assert count == 1
    with pytest.raises(OpenReferralsError, match="1 referral is open"):
        change(world, WITHDRAWN, open_referrals=count)
    whole = services_of(world.session, ORGANISATION, world.organisation.id)
    assert (whole, open_referrals(world.session, whole)) == ([world.service.id], 1)
    # What a plan would only ask later waits nowhere yet.
    assert open_referrals(world.session, [other.service_id]) == 0
    assert open_referrals(world.session, []) == 0
    # Whoever does not count is refused by the database itself.
    with pytest.raises(RefusedError, match="hand it on"):
        change(world, WITHDRAWN)


def test_a_referral_that_has_ended_keeps_nothing(session: Session, world: World, keystore: Keystore) -> None:
    referral(session, keystore, factories.user(session), [world.unit], world.now)
    made = session.scalars(select(Referral)).one()
    made.ended_at, made.due_at = world.now, None
    made.state = "closed"  # type: ignore[assignment]
    session.flush()

    assert open_referrals(session, [world.service.id]) == 0
