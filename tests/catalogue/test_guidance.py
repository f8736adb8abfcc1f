"""Guidance: from files once, from commissioners ever after."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.catalogue.guidance import (
    ChangedMeanwhileError,
    list_guidance,
    load_guidance,
    read_guidance,
    update_guidance,
)
from directory.common.errors import InvalidInputError, NotFoundError
from directory.paths import SEED_DATA
from tests import factories


def test_the_product_s_own_texts_can_be_loaded(session: Session, now: datetime) -> None:
    added = load_guidance(session, SEED_DATA / "guidance", now)

    assert added == ["marac-boroughs", "marac", "pathways", "safe-to-share"]
    text = read_guidance(session, "safe-to-share")
    assert text is not None
    for what_it_must_say in ("[999](tel:999)", "Do not pass their details to Immigration Enforcement", "Link them"):
        assert what_it_must_say in text.body


def test_a_text_that_is_there_stays_as_it_is(session: Session, now: datetime, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# Title\n\nText", encoding="utf-8")
    (tmp_path / "two.md").write_text("# Second\n\nText", encoding="utf-8")
    factories.guidance(session, key="one", title="Changed by a commissioner")

    assert load_guidance(session, tmp_path, now) == ["two"]
    assert [text.title for text in list_guidance(session)] == ["Changed by a commissioner", "Second"]
    assert load_guidance(session, tmp_path, now) == []


@pytest.mark.parametrize("content", ["No title", "# Title\n", "# \n\nText", "# T\n\n" + "x" * 6001, "# T\n\na\x07"])
def test_a_file_that_cannot_be_used_is_named(session: Session, now: datetime, tmp_path: Path, content: str) -> None:
    (tmp_path / "one.md").write_text(content, encoding="utf-8")

    with pytest.raises(InvalidInputError, match=r"one\.md"):
        load_guidance(session, tmp_path, now)


def test_of_two_who_read_the_same_version_one_saves(session: Session, now: datetime) -> None:
    text = factories.guidance(session)
    version = text.updated_at

    first = update_guidance(session, text.key, title="A", body="a", read_version=version, now=now)
    with pytest.raises(ChangedMeanwhileError):
        update_guidance(session, text.key, title="B", body="b", read_version=version, now=now)

    assert first.body == "a"
    assert read_guidance(session, text.key) == first


def test_two_saves_in_one_instant_are_two_versions(session: Session, now: datetime) -> None:
    text = factories.guidance(session, updated_at=now)

    first = update_guidance(session, text.key, title="A", body="a", read_version=now, now=now)

    assert first.updated_at == now + timedelta(microseconds=1)


def test_an_unknown_text_cannot_be_changed(session: Session, now: datetime) -> None:
    with pytest.raises(NotFoundError):
        update_guidance(session, "unknown", title="A", body="a", read_version=now, now=now)


def test_everything_that_is_wrong_is_named_at_once(session: Session, now: datetime) -> None:
    text = factories.guidance(session)

    with pytest.raises(InvalidInputError) as refused:
        update_guidance(session, text.key, title=" ", body="", read_version=text.updated_at, now=now)

    assert [problem.field for problem in refused.value.problems] == ["title", "body"]
