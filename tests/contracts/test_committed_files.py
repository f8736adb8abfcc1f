"""What a stranger would find in the committed files: no registry, and nothing of the machine they came from."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.paths import ROOT

LOCKS = sorted((ROOT / ".setup").glob("requirements*.txt"))
BINARY = {".png", ".xz"}
MACHINE = re.compile(r"(?<![\w.])/(?:opt|root|work|home/\w+)/\w")
# Files that say such a thing because it is their subject.
ABOUT_IT = {"tests/contracts/test_committed_files.py"}


def lock_options(text: str) -> Iterator[str]:
    """Lines of a lock file that are no version and no hash: they would say where packages are fetched from."""
    yield from (line for line in text.splitlines() if re.match(r"-|[^#]*(https?|file)://", line))


def machine_paths(files: list[str]) -> Iterator[str]:
    """Every path of a machine's own folders in these files, as `file: path`."""
    for name in files:
        path = Path(name) if Path(name).is_absolute() else ROOT / name
        if path.suffix in BINARY or name in ABOUT_IT or not path.is_file():
            continue
        yield from (f"{name}: {found}" for found in MACHINE.findall(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_files_name_no_place_to_fetch_from(lock: Path) -> None:
    assert list(lock_options(lock.read_text())) == []


def test_no_file_names_a_folder_of_a_machine() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert files
    assert list(machine_paths(files)) == []


def test_the_checks_bite(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("--find-links /opt/wheels\n")

    assert list(lock_options("--find-links /opt/wheels\nflask==3.1 \\\n    --hash=sha256:0\n")) == [
        "--find-links /opt/wheels"
    ]
    assert len(list(machine_paths([str(tmp_path / "a.txt")]))) == 1
