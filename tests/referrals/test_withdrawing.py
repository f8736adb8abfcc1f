"""A service to which a referral is open is not withdrawn: not by an edit, an import or plain SQL."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.capacity.files import RowEdit, edit_catalogue
from directory.capacity.models import Unit
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.common.errors import RefusedError
from directory.referrals.service import Keystore
from tests import factories
from tests.factories.referrals import referral


@pytest.fixture
def keystore(tmp_path: Path) -> Keystore:
    return Keystore(f"sqlite:///{tmp_path}/keys.sqlite3")


@pytest.fixture
def referred_to(session: Session, keystore: Keystore, now: datetime) -> Unit:
    unit = factories.unit(session, factories.service(session, referral_email="desk@example.org"))
    referral(session, keystore, factories.user(session), [unit], now)
    return unit


def withdraw(session: Session, kind: ListingKind, listing_id: str, now: datetime) -> None:
    edits = [RowEdit(kind, listing_id, {"status": "withdrawn"})]
    edit_catalogue(session, edits, now, kind=ChangeKind.STATUS, made_by="user-1")


def test_the_service_stays(session: Session, referred_to: Unit, now: datetime) -> None:
    with pytest.raises(RefusedError, match="hand it on first"):
        withdraw(session, ListingKind.SERVICE, referred_to.service_id, now)
    session.rollback()


def test_its_organisation_stays(session: Session, referred_to: Unit, now: datetime) -> None:
    owner = session.get_one(Service, referred_to.service_id).organisation_id

    with pytest.raises(RefusedError, match="hand it on first"):
        withdraw(session, ListingKind.ORGANISATION, owner, now)
    session.rollback()


@pytest.mark.parametrize("table", ["services", "organisations"])
def test_the_database_itself_refuses(session: Session, referred_to: Unit, table: str) -> None:
    service = session.get_one(Service, referred_to.service_id)
    listing_id = service.id if table == "services" else service.organisation_id

    with pytest.raises(IntegrityError, match="a referral to this service is open"):
        session.execute(text(f"UPDATE {table} SET status = 'withdrawn' WHERE id = :id"), {"id": listing_id})  # noqa: S608
    session.rollback()


def test_without_a_referral_it_goes(session: Session, now: datetime) -> None:
    unit = factories.unit(session)

    withdraw(session, ListingKind.SERVICE, unit.service_id, now)
    session.expire_all()

    assert session.get_one(Service, unit.service_id).status == "withdrawn"
