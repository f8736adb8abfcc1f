"""What a second pair of eyes found in contracts: each of these went wrong once."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.contracts.files import load_programmes
from directory.common.errors import RefusedError
from tests.support.pages import PageClient

HEADER = "code,name,units,bedspaces,ringfenced_units,active_from,active_until\n"
SignIn = Callable[..., User]


@pytest.mark.parametrize("asked", ["a%00b", "new", "x" * 200, "%ED%A0%80", "a%20b"])
def test_a_form_is_not_filled_with_a_code_that_no_programme_can_have(
    client: PageClient, sign_in: SignIn, asked: str
) -> None:
    sign_in("commissioner")

    page = client.page(f"/manage/contracts/new?code={asked}")

    assert page.one("input", name="code").get("value", "") == ""
    usable = client.page("/manage/contracts/new?code=LDN-9")
    assert usable.one("input", name="code").get("value") == "LDN-9"


def test_no_contract_ends_before_time_began(session: Session, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "programmes.csv").write_text(f"{HEADER}LDN-9,London nine,1,2,0,,0001-01-01\n", encoding="utf-8")

    with pytest.raises(RefusedError, match="too far back"):
        load_programmes(session, tmp_path, now)


def test_a_file_brings_no_programme_whose_page_is_another_one(session: Session, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "programmes.csv").write_text(f"{HEADER}new,London nine,1,2,0,,\n", encoding="utf-8")

    with pytest.raises(RefusedError, match="needs this word"):
        load_programmes(session, tmp_path, now)
