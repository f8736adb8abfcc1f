"""What a worker notes, in a file of its own, before it goes on: its word against the database's.

One JSON object a line. `try` (attempt `number` on `unit` with `key`) stands before the question is asked, `held` only
after the commit has returned, `free` before a release is asked for, `freed` after its commit, and `refused` and `over`
for what did not come to anything. A line is one short write to the end of the file, which a SIGKILL cannot cut.
"""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Line = dict[str, Any]


class Journal:
    """A worker's file, opened to be added to."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, what: str, **values: Any) -> None:
        """Add a line, with the time at which it is written."""
        line = {"what": what, "at": time.time()} | values
        os.write(self._descriptor, json.dumps(line).encode() + b"\n")


def read(path: Path) -> Iterator[Line]:
    """The lines of a worker's file, in order."""
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


@dataclass
class Standing:
    """Where whoever worked here before was killed: attempts so far, the one without an answer, and what is held."""

    tries: int = 0
    unanswered: Line | None = None
    held: dict[str, float] = field(default_factory=dict)


def standing(path: Path) -> Standing:
    """Read off a worker's file what its successor has to go on with."""
    found = Standing()
    for line in read(path):
        match line["what"]:
            case "try":
                found.tries += 1
                found.unanswered = line
            case "held":
                found.held[line["hold"]] = line["lasts"]
                found.unanswered = None
            case "refused":
                found.unanswered = None
            case "freed" | "over":
                found.held.pop(line["hold"], None)
    return found
