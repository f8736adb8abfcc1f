"""Holds in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from directory.capacity.holds.queries import HoldFact, HoldState
from directory.common.dates import as_date_time, as_time, duration
from directory.web.pages.holds.contexts import HoldLine, HoldPage
from directory.web.pages.holds.holding import referral_address

_OUTCOMES = {
    HoldState.LIVE: "",
    HoldState.RELEASED: "You released it",
    HoldState.EXPIRED: "It ran out",
    HoldState.ENDED_BY_PROVIDER: "The service ended it",
    HoldState.PLACED: "The space was taken",
}
# A time of day alone is clear for as long as it cannot be meant of the next day.
_SAME_DAY = timedelta(hours=12)


def until_in_words(until: datetime, now: datetime) -> str:
    """`4:05am`, with its date where that is not plain."""
    return as_time(until) if abs(until - now) < _SAME_DAY else as_date_time(until)


def hold_lines(holds: Iterable[HoldFact], now: datetime) -> tuple[HoldLine, ...]:
    """Holds as lines of a list."""
    return tuple(
        HoldLine(
            hold=hold,
            until=until_in_words(hold.expires_at, now),
            outcome=_outcome(hold),
            refer_url=referral_address(hold.id),
        )
        for hold in holds
    )


def _outcome(hold: HoldFact) -> str:
    # Whoever declined or withdrew the referral, its holder did not release the space by hand.
    ended_with_referral = hold.for_referral and hold.state is HoldState.RELEASED
    return "It ended with your referral" if ended_with_referral else _OUTCOMES[hold.state]


def hold_page(hold: HoldFact, now: datetime, lasts: timedelta) -> HoldPage:
    """Everything that the page of one hold shows; `lasts` is how long an extension keeps it."""
    left = (hold.expires_at - now) if hold.is_live else timedelta(0)
    return HoldPage(
        hold=hold,
        until=until_in_words(hold.expires_at, now),
        minutes_left=_minutes_left(left),
        # Rounded up: a page that comes back a moment early would find the hold still live, and stay.
        seconds_left=-(-left // timedelta(seconds=1)),
        refer_url=referral_address(hold.id),
        extend_by=duration(max(1, int(lasts.total_seconds()) // 60)),
    )


def _minutes_left(left: timedelta) -> str:
    """The whole minutes that are left, in words that the page's script writes too."""
    minutes = left // timedelta(minutes=1)
    if minutes < 1:
        return "less than a minute left"
    return f"{minutes} minute{'' if minutes == 1 else 's'} left"
