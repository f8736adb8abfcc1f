"""A clock that stands still until it is told otherwise."""

from datetime import datetime, timedelta


class Clock:
    """Call it for the time, as `utc_now` is called."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Let time pass: `clock.advance(hours=2)`. Returns the new time."""
        self.now += timedelta(**duration)
        return self.now
