"""Fixtures of the tests of referrals."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.referrals.world import World
from tests.support.databases import BoundDatabase


@pytest.fixture
def world(session: Session, tmp_path: Path, now: datetime) -> World:
    """An officer and a keystore, on the test's own transaction."""
    return World.made(session, tmp_path, now)


@pytest.fixture
def new_session(connection: Connection) -> Callable[[], Session]:
    """Makes further sessions on the test's own transaction, as jobs need them."""
    return BoundDatabase(connection).new_session
