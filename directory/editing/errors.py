"""What editing refuses, with what the person who asked needs in order to go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.common.errors import RefusedError


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that two people changed at once: what both saw, what it is by now, and what the second would write."""

    column: str
    label: str
    was: str
    now_is: str
    yours: str


class ChangedMeanwhileError(RefusedError):
    """Somebody else changed the listing after the caller had read it; nothing was written.

    `number` is the version that it has now: whoever asks again with it, having seen the conflicts, may go on.
    """

    def __init__(self, conflicts: Sequence[FieldConflict], number: int) -> None:
        self.conflicts = tuple(conflicts)
        self.number = number
        super().__init__("Somebody else changed this after you opened it. Nothing of yours was saved; look at theirs.")


class NothingToProposeError(RefusedError):
    """Everything is as it was."""

    def __init__(self) -> None:
        super().__init__("You have not changed anything.")


class TooManyCorrectionsError(RefusedError):
    """Somebody has suggested more than can be looked at for now."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(
            f"Thank you. {most} of your suggestions are waiting to be looked at. You can make the next one when one of "
            "them has been answered."
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """What a listing lacks: the column to fill, what it is called, and why it has to be there."""

    column: str
    label: str
    why: str


class IncompleteError(RefusedError):
    """A listing cannot be published yet. `missing` says what it lacks."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        labels = ", ".join(one.label.lower() for one in self.missing)
        super().__init__(f"It cannot be published yet. It lacks: {labels}.")


class OpenReferralsError(RefusedError):
    """A listing cannot be withdrawn while somebody waits there. `count` is how many referrals are open."""

    def __init__(self, count: int) -> None:
        self.count = count
        what = "referral is" if count == 1 else "referrals are"
        super().__init__(f"It cannot be withdrawn: {count} {what} open. They have to be handed on or ended first.")
