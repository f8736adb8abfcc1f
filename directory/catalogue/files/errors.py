"""What is wrong with a folder of catalogue files: every error, by file, row and column."""

from collections.abc import Sequence
from dataclasses import dataclass

# A file of another kind altogether can be wrong in every cell. All are counted; no more than these are kept.
KEPT = 100_000
LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class FileError:
    """One thing that is wrong.

    `row` counts as a spreadsheet does (the header is row 1) and is None where the whole file is meant, as `column` is
    where no single column is. `value` is what was found, shortened; `allowed` what would be right or comes close,
    empty where no list can say it.
    """

    file: str
    row: int | None
    column: str | None
    value: str
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The error as one line: `units.csv, row 3, state: “gone”: It is not … Allowed: open, occupied, closed.`"""
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(self.column)
        value = f" “{self.value}”:" if self.value else ""
        allowed = f" Allowed: {', '.join(self.allowed)}." if self.allowed else ""
        return f"{', '.join(where)}:{value} {self.message}{allowed}"


class CellError(ValueError):
    """A cell that cannot be read: a sentence for its author, and what is allowed instead."""

    def __init__(self, message: str, allowed: Sequence[str] = (), value: str | None = None) -> None:
        self.message = message
        self.allowed = tuple(allowed)
        self.value = value
        super().__init__(message)


class Refusals:
    """Collects errors while files are read and checked. `count` counts all of them; `errors` keeps the first."""

    def __init__(self) -> None:
        self.count = 0
        self._kept: list[FileError] = []

    def add(
        self,
        file: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str = "",
        allowed: Sequence[str] = (),
    ) -> None:
        """Note one error."""
        self.count += 1
        if len(self._kept) < KEPT:
            self._kept.append(FileError(file, row, column, _shortened(value), message, tuple(allowed)))

    def sorted_errors(self, files: Sequence[str]) -> tuple[FileError, ...]:
        """The errors kept, in the order in which a person reads: by file as in `files`, then by row."""
        position = {file: number for number, file in enumerate(files)}
        return tuple(
            sorted(self._kept, key=lambda error: (position.get(error.file, len(position)), error.file, error.row or 0))
        )


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
