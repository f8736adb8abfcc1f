"""Secrets that are made once and kept."""

import stat
import threading
from itertools import count
from pathlib import Path

import pytest

from directory.common.kept import kept_text, private_file, private_folder


def test_it_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "secret"
    numbers = (f"text number {number}" for number in count())

    assert [kept_text(path, 10, lambda: next(numbers)) for _ in range(2)] == ["text number 0"] * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("left", [b"", b"\n", b"half", b"\xff\xfe" * 20])
def test_what_was_left_half_written_is_made_anew(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(left)
    path.with_name("secret.new").write_bytes(left)

    assert kept_text(path, 10, lambda: "long enough") == "long enough"
    assert kept_text(path, 10, lambda: "another one") == "long enough"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [None, ""])
def test_all_who_ask_at_once_get_the_same(tmp_path: Path, left: str | None) -> None:
    path = tmp_path / "secret"
    if left is not None:
        path.write_text(left)
    barrier, got, numbers = threading.Barrier(8), [], count()

    def ask() -> None:
        barrier.wait()
        got.append(kept_text(path, 10, lambda: f"text number {next(numbers)}"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8
    assert len(set(got)) == 1


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "data"
    for _ in range(2):
        private_folder(path.parent)
    private_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("data")

    private_file(path)

    assert path.read_text() == "data"
