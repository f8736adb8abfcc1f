"""The data that comes with the product imports without an error, and holds the commissioned programme exactly."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.capacity.files import export_folder
from directory.capacity.models import RingFence, Unit
from directory.catalogue.models import Organisation
from directory.catalogue.vocabulary import ListingStatus
from directory.paths import SEED_DATA
from tests.catalogue.folders import NOTHING, bring_in, lines

# MOPAC's answer to the super-complaint, 3 December 2021: 50 units, 92 bedspaces, 24 of the units ring-fenced.
PROGRAMME = "LDN-SAFE-2026"


def bring_in_everything(session: Session, now: datetime) -> None:
    for name in ("taxonomies", "demo", "london"):
        bring_in(session, SEED_DATA / name, now)


def test_the_commissioned_programme_has_50_units_92_bedspaces_24_ring_fenced(session: Session, now: datetime) -> None:
    bring_in_everything(session, now)

    programme = Unit.programme == PROGRAMME
    ringfenced = func.count().filter(Unit.ringfence == RingFence.NRPF)
    counted = session.execute(select(func.count(), func.sum(Unit.bedspaces), ringfenced).where(programme)).one()
    assert tuple(counted) == (50, 92, 24)


def test_real_organisations_wait_for_a_commissioner(session: Session, now: datetime) -> None:
    bring_in(session, SEED_DATA / "taxonomies", now)
    bring_in(session, SEED_DATA / "london", now)

    assert set(session.scalars(select(Organisation.status))) == {ListingStatus.DRAFT}


def test_all_of_it_goes_out_and_in_again_without_a_change(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in_everything(session, now)

    export_folder(session, tmp_path / "out")

    assert lines(bring_in(session, tmp_path / "out", now, whole=True, dry_run=True)) == NOTHING
