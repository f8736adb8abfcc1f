"""Figures in words, as everybody reads them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from math import ceil

from directory.common.dates import duration
from directory.publishing.performance.facts import Measure, MeasureUnit, Shown, ShownState, Source
from directory.publishing.performance.measures import ACCEPTED, MEDIAN_RESPONSE, RECEIVED
from directory.referrals.statistics import ANSWERED_WITHIN_MINUTES, FEWEST

HIDDEN = Shown(None, f"hidden: fewer than {FEWEST}, or it would give such a number away", ShownState.HIDDEN)
UNKNOWN = Shown(None, "not known", ShownState.UNKNOWN)
_HOUR, _DAY = 60, 1440
_MINUTES_UP_TO, _HOURS_UP_TO = 120, 2 * _DAY
LONGEST_BAND = ANSWERED_WITHIN_MINUTES[-1]


def as_shown(one: Measure, value: Decimal, source: Source) -> Shown:
    """A figure that may be shown as it is."""
    if one.unit is MeasureUnit.MINUTES and source is Source.COMPUTED:
        return _within(value)
    if one.unit is MeasureUnit.MINUTES:
        text = length_of_time(value)
    elif one.unit is MeasureUnit.PERCENT:
        text = f"{plain(value)}%"
    elif one.unit is MeasureUnit.NIGHTS:
        text = f"{plain(value)} {'night' if value == 1 else 'nights'}"
    else:
        text = plain(value)
    return Shown(value, text, ShownState.SHOWN)


def as_band(percent: Decimal, step: int) -> Shown:
    """The band of `step` per cent in which a share lies. The highest is open: never "100%"."""
    low = min(int(percent) // step * step, 100 - step)
    text = f"{low} to {low + step}%"
    if low == 100 - step:
        text = f"{low}% or more"
    elif low == 0:
        text = f"under {step}%"
    return Shown(Decimal(low), text, ShownState.SHOWN)


def middle_of_band(band: Shown) -> Decimal:
    """The middle of what `as_band` has told: the best guess of a share for whoever knows no more."""
    low = band.value or Decimal(0)
    ends = re.fullmatch(r"(?:under |\d+ to )(\d+)%", band.text)
    return (low + (Decimal(ends[1]) if ends else 100)) / 2


def plain(value: Decimal) -> str:
    """`1,740`, `12.5`: no noughts after the point."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def length_of_time(minutes: Decimal) -> str:
    """`35 minutes`, `3 hours 58 minutes`, `2 days 5 hours`: as exact as anybody needs it."""
    if minutes < _MINUTES_UP_TO:
        return f"{plain(minutes)} {'minute' if minutes == 1 else 'minutes'}"
    whole = int(minutes)
    large, small, units = (_HOUR, 1, ("hour", "minute")) if whole < _HOURS_UP_TO else (_DAY, _HOUR, ("day", "hour"))
    first, second = whole // large, whole % large // small
    return _counted(first, units[0]) + (f" {_counted(second, units[1])}" if second else "")


def usual_answer(figures: Mapping[str, Shown], of_old: Mapping[str, Shown]) -> str:
    """`Usually answers within 35 minutes; accepted about 8 of 10 last quarter.`, or nothing where nothing may be said.

    Where a figure of `figures` is not shown, that of `of_old` is taken. What was accepted and what was received come
    from the same of the two.
    """
    parts = []
    time = next((one[MEDIAN_RESPONSE] for one in (figures, of_old) if _seen(one, MEDIAN_RESPONSE)), None)
    if time is not None and time.value is not None:
        parts.append(f"usually answers {_roughly(time)}")
    counts = next((one for one in (figures, of_old) if _seen(one, RECEIVED) and _seen(one, ACCEPTED)), None)
    if counts is not None:
        parts.append(f"accepted {_of_ten(counts[ACCEPTED].value, counts[RECEIVED].value)} last quarter")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


def _seen(figures: Mapping[str, Shown], code: str) -> bool:
    return code in figures and figures[code].state is ShownState.SHOWN


def _roughly(time: Shown) -> str:
    if time.text.startswith(("within", "after")):
        return time.text
    minutes = time.value or Decimal(0)
    if minutes < _MINUTES_UP_TO:
        return f"within {_counted(ceil(minutes), 'minute')}"
    large, unit = (_HOUR, "hour") if minutes < _HOURS_UP_TO else (_DAY, "day")
    return f"within {_counted(ceil(minutes / large), unit)}"


def _of_ten(accepted: Decimal | None, received: Decimal | None) -> str:
    if not accepted or not received:
        return "none"
    tenths = int(10 * accepted / received + Decimal("0.5"))
    if tenths == 0:
        return "fewer than 1 of 10"
    return "nearly all" if tenths == 10 else f"about {tenths} of 10"


def _within(minutes: Decimal) -> Shown:
    """The upper end of a band; what is longer than the longest is told so."""
    if minutes > LONGEST_BAND:
        # A minute longer than the longest band stands for all that is: so it is never taken for one within it.
        return Shown(Decimal(LONGEST_BAND + 1), f"after more than {duration(LONGEST_BAND)}", ShownState.SHOWN)
    return Shown(minutes, f"within {duration(int(minutes))}", ShownState.SHOWN)


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"
