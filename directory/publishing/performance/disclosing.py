"""What may be shown of performance figures: the one place that decides it (firewall, rule 8).

Pure: raw figures in, Shown out.

*A row* is what one source says of one service in one quarter: referrals received, and the parts into which they fall
(accepted, declined by reason, not answered). What no part names is the rest, which nobody is shown and anybody can work
out: so it is a part like the others.

1. Of a row that counts fewer than FEWEST referrals nothing is shown; the directory's looks as if it counted none.
2. Parts under FEWEST (noughts too) are hidden, and the rest with them. What is hidden is at least two parts that make
   FEWEST together; while it is not, the next of PARTS is hidden too. As that order is fixed, which parts are hidden
   tells only that all of them may be small and the rest may be anything: whoever knows this rule learns no more.
3. The service's own figures and the directory's may count the same people: a part that is hidden in one is hidden in
   the other, until nothing changes.
4. Shares of people are bands at least FEWEST people wide; times are shown from TEN answers on. Both hang on numbers
   that are shown themselves: a figure that appears from a hidden number on would tell it.

Every row is judged by itself, and whatever is added up or compared (`london.py`, peers) is of shown figures alone: so
no filter, sum or comparison of services tells more. Quarters are whole and final, and no two of them overlap.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from directory.publishing.performance.facts import Measure, MeasureUnit, Shown, ShownState, Source
from directory.publishing.performance.measures import ACCEPTED, PARTS, PLACEMENTS, RECEIVED, UNANSWERED, measures
from directory.publishing.performance.wording import HIDDEN, as_band, as_shown
from directory.referrals.statistics import FEWEST

TEN = 10
REST = "rest"
STEPS = (5, 10, 20, 25, 50)
"""The widths of bands, in per cent."""

Values = Mapping[str, Decimal]
"""Raw figures of one service in one quarter from one source, by measure code. They never leave this package."""
_COUNTS = {MeasureUnit.REFERRALS, MeasureUnit.HOUSEHOLDS, MeasureUnit.PEOPLE}


@dataclass(frozen=True, slots=True)
class Row:
    """The usable figures of one source. `received` is None where it is not known, `parts` where they are not usable."""

    values: Values
    received: int | None
    parts: Mapping[str, int]

    @property
    def small(self) -> bool:
        """Whether so few were referred that nothing of it is shown."""
        return self.received is not None and self.received < FEWEST


NOTHING = Row({}, None, {})


def disclose(imported: Values, computed: Values) -> dict[Source, dict[str, Shown]]:
    """What may be shown of one service in one quarter, by source and measure code; what is not there is not known."""
    return disclose_rows(usable(imported), usable(computed))


def disclose_rows(imported: Row, computed: Row) -> dict[Source, dict[str, Shown]]:
    """The same, of figures that `usable` has looked through."""
    rows = {Source.IMPORTED: imported, Source.COMPUTED: _without_traces(computed)}
    hidden = _hidden_counts(rows)
    shown: dict[Source, dict[str, Shown]] = {source: {} for source in rows}
    for one in measures():
        having = [source for source, row in rows.items() if one.code in row.values]
        steps: list[int | None] = []
        if having and one.unit is MeasureUnit.PERCENT and one.of:
            steps = [_step(_known(rows[source], hidden[source], one.of)) for source in having]
        for source in having:
            value = rows[source].values[one.code]
            if one.unit in _COUNTS:
                shown[source][one.code] = HIDDEN if one.code in hidden[source] else as_shown(one, value, source)
            elif steps:
                shown[source][one.code] = _share(value, steps)
            else:
                shown[source][one.code] = _other(one, value, source, rows[source], hidden[source])
    return shown


def usable(values: Values) -> Row:
    """The figures that can be what they say, and the referrals as whole numbers that add up.

    A count that is negative or no whole number, a percentage above a hundred: these are not known. So are all parts
    where they are more than what was received (what `quality.py` tells people).
    """
    if not values:
        return NOTHING
    sound = {one.code: values[one.code] for one in measures() if one.code in values and _possible(one, values)}
    received = int(sound[RECEIVED]) if RECEIVED in sound else None
    parts = {code: int(sound[code]) for code in PARTS if code in sound}
    if received is not None and sum(parts.values()) > received:
        sound = {code: value for code, value in sound.items() if code not in PARTS}
        parts = {}
    return Row(sound, received, parts)


def _without_traces(row: Row) -> Row:
    """Of a small row of the directory's, that it is small: one referral looks like none, answered or not."""
    if not row.small:
        return row
    others = {code: value for code, value in row.values.items() if code not in _about_referrals()}
    return Row(others | {RECEIVED: Decimal(0)}, 0, {})


@cache
def _about_referrals() -> frozenset[str]:
    """The measures that count referrals, or are of them."""
    return frozenset({RECEIVED, *PARTS, *(one.code for one in measures() if one.of == RECEIVED)})


@cache
def _other_counts() -> tuple[str, ...]:
    """The counts that belong to no sum."""
    return tuple(one.code for one in measures() if one.unit in _COUNTS and one.code not in {RECEIVED, *PARTS})


def _possible(one: Measure, values: Values) -> bool:
    value = values[one.code]
    if one.unit in _COUNTS and value != value.to_integral_value():
        return False
    return 0 <= value <= 100 if one.unit is MeasureUnit.PERCENT else value >= 0


def hidden_parts(received: int, parts: Mapping[str, int], also: Collection[str] = ()) -> frozenset[str]:
    """Which of a row's parts are hidden, REST among them wherever any is. `also` are hidden whatever they are."""
    cells = {REST: received - sum(parts.values()), **parts}
    hidden = {code for code, count in cells.items() if count < FEWEST or code in also}
    if not hidden:
        return frozenset()
    hidden.add(REST)
    together = sum(cells[code] for code in hidden)
    for code in PARTS:
        if len(hidden) > 1 and together >= FEWEST:
            break
        if code in cells and code not in hidden:
            hidden.add(code)
            together += cells[code]
    return frozenset(hidden)


def _hidden_counts(rows: Mapping[Source, Row]) -> dict[Source, frozenset[str]]:
    """The codes of the counts that are hidden, by source."""
    hidden = {source: frozenset({RECEIVED, *PARTS}) for source in rows}
    large = {source: row for source, row in rows.items() if not row.small}
    together: frozenset[str] = frozenset()
    while True:
        before = together
        for source, row in large.items():
            hidden[source] = _hidden_of(row, before)
            together |= hidden[source]
        together -= {REST}
        if together == before:
            break
    others = _hidden_others(rows, hidden)
    return {source: found | others for source, found in hidden.items()}


def _hidden_of(row: Row, also: Collection[str]) -> frozenset[str]:
    if row.received is not None:
        return hidden_parts(row.received, row.parts, also)
    # Without a total there is nothing to subtract from.
    return frozenset(code for code, count in row.parts.items() if count < FEWEST or code in also)


def _hidden_others(rows: Mapping[Source, Row], hidden: Mapping[Source, frozenset[str]]) -> frozenset[str]:
    """The counts that belong to no sum, where one of the sources counts fewer than FEWEST."""
    small = {code for code in _other_counts() for row in rows.values() if row.values.get(code, FEWEST) < FEWEST}
    # Whoever moved in was accepted: a number of them would bound one that is hidden.
    if rows[Source.IMPORTED].small or any(
        ACCEPTED in row.parts and ACCEPTED in hidden[one] for one, row in rows.items()
    ):
        small.add(PLACEMENTS)
    return frozenset(small)


def _known(row: Row, hidden: frozenset[str], code: str) -> int | None:
    """A count, where it is shown."""
    return int(row.values[code]) if code in row.values and code not in hidden else None


def _step(people: int | None) -> int | None:
    """The smallest step of which each is FEWEST people wide; None where there is none."""
    return next((step for step in STEPS if people is not None and people * step >= 100 * FEWEST), None)


def _share(value: Decimal, steps: Collection[int | None]) -> Shown:
    """A share in bands. Where both sources have it, in the wider of theirs: two bands that overlap would tell more."""
    widest = [step for step in steps if step is not None]
    return HIDDEN if len(widest) < len(steps) else as_band(value, max(widest))


def _other(one: Measure, value: Decimal, source: Source, row: Row, hidden: frozenset[str]) -> Shown:
    """Times, and shares of what is no people."""
    if one.of:
        people = _answers(row, source, hidden) if one.of == RECEIVED else _known(row, hidden, one.of)
        if people is None or people < TEN:
            return HIDDEN
    elif one.unit is MeasureUnit.PERCENT:
        value = value.quantize(Decimal(1), ROUND_HALF_UP)
    return as_shown(one, value, source)


def _answers(row: Row, source: Source, hidden: frozenset[str]) -> int | None:
    """How many answers there were for certain, by what is shown alone.

    A service that does not say what went unanswered has answered what it received. Where it says so and that is hidden,
    as many may have gone unanswered as are hidden.
    """
    if RECEIVED in hidden or row.received is None:
        return None
    if source is Source.COMPUTED or (UNANSWERED in row.parts and UNANSWERED in hidden):
        return sum(count for code, count in row.parts.items() if code not in hidden and code != UNANSWERED)
    return row.received - (_known(row, hidden, UNANSWERED) or 0)


def is_shown(figures: Mapping[str, Shown], code: str) -> bool:
    """Whether a measure has a figure that people see."""
    return code in figures and figures[code].state is ShownState.SHOWN
