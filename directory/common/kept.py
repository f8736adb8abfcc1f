"""Secrets that are made at first use and kept in a file, readable by its owner alone."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Make `folder` for its owner alone, unless it is there."""
    folder.mkdir(mode=0o700, exist_ok=True)


def private_file(path: Path) -> None:
    """Make an empty file for its owner alone, unless it is there: a file that is there is not even opened."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def kept_text(path: Path, shortest: int, make: Callable[[], str]) -> str:
    """What `path` holds; what `make` returns, from now on, when that is less than `shortest` characters.

    Whoever asks at the same moment gets the same text: one at a time writes, and a file appears whole or not at all.
    """
    private_folder(path.parent)
    if found := _text(path, shortest):
        return found
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if found := _text(path, shortest):
            return found
        text = make()
        fresh = path.with_name(path.name + ".new")
        # One left behind by a process that was killed may be readable by others.
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
        fresh.rename(path)
        return text
    finally:
        os.close(folder)


def _text(path: Path, shortest: int) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return text if len(text) >= shortest else ""
