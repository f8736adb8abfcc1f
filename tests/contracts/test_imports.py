"""The import table of design section 1."""

from pathlib import Path

import pytest

from directory.paths import ROOT
from tests.support.import_rules import CAPABILITIES, FOUNDATION, SURFACES, violations


def test_everybody_imports_only_whom_they_may() -> None:
    found = violations(ROOT)

    assert not found, "\n" + "\n".join(found)


def test_every_part_of_the_house_is_in_the_table() -> None:
    parts = {path.stem for path in (ROOT / "directory").iterdir() if path.name not in ("__init__.py", "__pycache__")}

    assert parts <= {*CAPABILITIES, *SURFACES, *FOUNDATION, "factory", "models", "__main__"}


@pytest.mark.parametrize(
    ("path", "line", "reason"),
    [
        ("places/a.py", "from directory.accounts import service", "places may import nothing of ours"),
        ("capacity/a.py", "import directory.referrals.service", "capacity may import"),
        ("search/a.py", "from directory.web.forms import BaseForm", "search may import"),
        ("search/a.py", "from flask import request", "knows no web framework"),
        ("common/a.py", "from werkzeug.exceptions import NotFound", "knows no web framework"),
        ("common/a.py", "from directory.places.lookup import find_place", "ground that others stand on"),
        ("accounts/a.py", "from directory.config import Settings", "told what it needs"),
        ("extensions.py", "from directory.common.clock import utc_now", "imports nothing of ours"),
        ("web/pages/a.py", "from directory.catalogue.models import Service", "imports no models"),
        ("web/pages/a.py", "from directory.catalogue import models", "imports no models"),
        ("api/a.py", "from directory.web.filters import date", "know nothing of each other"),
        ("cli/a.py", "from directory.api import v1", "know nothing of each other"),
        ("web/a.py", "from sqlalchemy import select", "no SQL in web"),
        ("cli/a.py", "import sqlalchemy", "no SQL in cli"),
        ("web/a.py", "from sqlalchemy.orm import Session, joinedload", "no SQL in web"),
        ("insight/a.py", "from directory.referrals.models import Referral", "may import ['statistics'] alone"),
        ("web/a.py", "from directory.referrals.lifecycle import move", "may import ['privacy', 'service'"),
        ("places/a.py", "from tests.factories import unit", "does not import its tests"),
        ("places/a.py", "def f():\n    from directory.places import lookup", "hides a cycle"),
        ("capacity/a.py", "from ..accounts.service import get_user", "capacity may import"),
        ("places/__init__.py", "from directory.places.lookup import find_place", "package roots are empty"),
    ],
)
def test_the_check_bites(tmp_path: Path, path: str, line: str, reason: str) -> None:
    module = tmp_path / "directory" / path
    module.parent.mkdir(parents=True)
    module.write_text(f'"""A module."""\n{line}\n' if not path.endswith("__init__.py") else line)

    found = violations(tmp_path)

    assert len(found) == 1
    assert found[0].startswith(f"directory/{path}:")
    assert reason in found[0]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("search/a.py", "from directory.capacity.availability import space_available"),
        ("insight/a.py", "from directory.referrals.statistics import counts"),
        ("web/a.py", "from directory.referrals import privacy"),
        ("web/a.py", "from sqlalchemy.orm import Session"),
        ("cli/a.py", "from directory.factory import create_app"),
        ("places/a.py", "from .models import Borough"),
        ("factory.py", "from directory.web.access import init_access"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, path: str, line: str) -> None:
    module = tmp_path / "directory" / path
    module.parent.mkdir(parents=True)
    module.write_text(line)

    assert violations(tmp_path) == []
