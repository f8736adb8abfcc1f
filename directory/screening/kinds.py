"""What the screen looks for, and what it answers."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What free text may not hold. The words are those that other programs read."""

    IMMIGRATION = "immigration"
    IDENTITY_NUMBER = "identity_number"
    NAME = "name"
    PHONE = "phone"
    DATE_OF_BIRTH = "date_of_birth"
    ADDRESS = "address"
    NATIONALITY = "nationality"
    EMAIL = "email"
    SOCIAL_HANDLE = "social_handle"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that may not be stored: `text[start:end]`, which are its `words`.

    For the person who wrote them alone: findings are shown, never stored or logged.
    """

    start: int
    end: int
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer for one text: its findings in their order. A text with any is not stored."""

    findings: tuple[Finding, ...]

    @property
    def block(self) -> bool:
        """Whether the text must not be stored."""
        return bool(self.findings)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What was found, each kind once, sorted by its word."""
        return tuple(sorted({finding.kind for finding in self.findings}))
