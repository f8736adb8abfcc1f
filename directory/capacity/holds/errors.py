"""Why a hold is refused. None of the sentences tells what a unit is funded for, nor who holds it."""

from datetime import datetime

from directory.common.errors import RefusedError


class SpaceGoneError(RefusedError):
    """The unit has no space available: somebody was faster, or its provider changed it a moment ago."""

    def __init__(self) -> None:
        super().__init__("This space is not available any more. Somebody was faster, or the service has changed it.")


class TooManyHoldsError(RefusedError):
    """The person already has as many live holds as one may have."""

    def __init__(self, most: int) -> None:
        self.most = most
        noun = "hold" if most == 1 else "holds"
        super().__init__(f"You have {most} {noun} already, which is the most. Release one that is not needed.")


class KeyUsedError(RefusedError):
    """The idempotency key was used for another unit."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another unit. Use a new key for each new hold.")


class HoldOverError(RefusedError):
    """The hold is over: nothing can be done with it any more."""

    def __init__(self) -> None:
        super().__init__("This hold is over: the space is not kept for you. Search again.")


class HoldKeptByReferralError(RefusedError):
    """The hold belongs to a referral, which decides how long it lasts."""

    def __init__(self) -> None:
        super().__init__("This hold belongs to a referral. Withdraw the referral to release it.")


class ExtendedOnceError(RefusedError):
    """The hold has been extended before."""

    def __init__(self) -> None:
        super().__init__("A hold can be extended once, and this one has been. Send the referral or release it.")


class UnitHeldError(RefusedError):
    """The provider's change would take a held unit away. `until` is when the hold runs out."""

    def __init__(self, until: datetime, *, for_referral: bool) -> None:
        self.until, self.for_referral = until, for_referral
        what = "waits for your answer to a referral" if for_referral else "is held for a referrer"
        super().__init__(f"This unit {what}.")
