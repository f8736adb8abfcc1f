"""`demo`: everything ready to be looked at, and ready again in no time."""

import json
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts import service
from directory.accounts.permissions import Role
from directory.capacity.models import RingFence, Unit
from directory.catalogue.models import Organisation, Service
from directory.cli import demo, demo_accounts, demo_data
from directory.common.errors import RefusedError
from directory.config import Settings
from tests import factories
from tests.support.clock import Clock
from tests.support.commands import SECRET, Commands
from tests.support.databases import committing


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `instance/` of the test's own."""
    for module in (demo_accounts, demo_data):
        monkeypatch.setattr(module, "INSTANCE", tmp_path)
    monkeypatch.setattr(demo_data, "STATE", tmp_path / "demo-data.json")
    return tmp_path


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings that name a database with the gazetteer in it, which takes the longest to load."""
    return Settings(database_url=database_url, secret_key=SECRET)


@pytest.fixture
def clocked(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    """The demonstration's clock, which the test moves."""
    monkeypatch.setattr(demo, "utc_now", clock)
    return clock


@pytest.mark.usefixtures("instance", "clocked")
def test_from_nothing_the_commissioned_programme_is_there(blank_database_url: str, now: datetime) -> None:
    settings = Settings(database_url=blank_database_url, secret_key=SECRET)

    sign_ins = demo.prepare(settings)

    with committing(settings.database_url) as session:
        commissioned = Unit.programme == "LDN-SAFE-2026"
        assert session.scalar(select(func.count()).where(commissioned)) == 50
        assert session.scalar(select(func.sum(Unit.bedspaces)).where(commissioned)) == 92
        assert session.scalar(select(func.count()).where(commissioned, Unit.ringfence == RingFence.NRPF)) == 24
        assert session.scalar(select(func.count(Organisation.id)).where(Organisation.status == "draft")) >= 25
        assert session.scalar(select(func.count(Service.id))) >= 90
        assert {sign_in.role for sign_in in sign_ins} == set(Role)
        for sign_in in sign_ins:
            assert service.authenticate(session, sign_in.email, sign_in.password, now).role is sign_in.role
            assert sign_in.email.endswith(".example")


@pytest.mark.usefixtures("clocked")
def test_a_second_start_changes_nothing(settings: Settings, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = demo.prepare(settings)
    monkeypatch.setattr(demo_data, "import_folder", None)

    assert demo.prepare(settings) == first
    assert stat.S_IMODE((instance / "demo-password").stat().st_mode) == 0o600


def test_old_data_is_loaded_anew(settings: Settings, instance: Path, clocked: Clock) -> None:
    newest = []
    for hours in (0, 23, 1):
        clocked.advance(hours=hours)
        demo.prepare(settings)
        with committing(settings.database_url) as session:
            newest.append(session.scalars(select(func.max(Unit.confirmed_at))).one())

    assert newest[1] == newest[0]
    assert newest[2] == newest[0] + timedelta(hours=24)


@pytest.mark.usefixtures("clocked")
def test_another_database_or_changed_files_are_noticed(
    settings: Settings, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.prepare(settings)
    state = json.loads((instance / "demo-data.json").read_text())
    loaded: list[Path] = []
    really = demo_data.import_folder

    def note(session: Session, folder: Path, now: datetime) -> object:
        loaded.append(folder)
        return really(session, folder, now)

    monkeypatch.setattr(demo_data, "import_folder", note)
    for broken in (json.dumps(state | {"database": "another"}), json.dumps(state | {"files": "older"}), "", "[]"):
        loaded.clear()
        (instance / "demo-data.json").write_text(broken)
        demo.prepare(settings)
        assert [folder.name for folder in loaded] == ["taxonomies", "demo", "london"]


@pytest.mark.usefixtures("clocked")
def test_a_lost_password_is_replaced_everywhere(settings: Settings, instance: Path, now: datetime) -> None:
    first = demo.prepare(settings)
    (instance / "demo-password").unlink()

    second = demo.prepare(settings)

    assert first[0].password != second[0].password
    with committing(settings.database_url) as session:
        for sign_in in second:
            assert service.authenticate(session, sign_in.email, sign_in.password, now)


@pytest.mark.usefixtures("instance", "clocked")
def test_another_catalogue_is_left_alone(settings: Settings) -> None:
    with committing(settings.database_url) as session:
        own = factories.organisation(session).id

    with pytest.raises(RefusedError, match=r"holds another catalogue.*unset DATABASE_URL"):
        demo.prepare(settings)

    with committing(settings.database_url) as session:
        assert session.scalars(select(Organisation.id)).all() == [own]
        assert service.find_account(session, "administrator@mopac.example") is None


@pytest.mark.usefixtures("instance", "clocked")
def test_an_organisation_beside_the_demonstrations_own_is_none_of_its_business(settings: Settings) -> None:
    with committing(settings.database_url) as session:
        own = {factories.organisation(session).id, factories.organisation(session, id="marigold-women").id}

    demo.prepare(settings)

    with committing(settings.database_url) as session:
        assert own < set(session.scalars(select(Organisation.id)))


def test_production_refuses(run: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_DIRECTORY_ENV", "production")

    refused = run("demo")

    assert refused.code == 1
    assert "production" in refused.err


def test_strangers_are_refused(run: Commands) -> None:
    refused = run("demo", "--host", "0.0.0.0")

    assert refused.code == 1
    assert "this machine alone" in refused.err
