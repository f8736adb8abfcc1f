"""What keeps a service's figures of a quarter from being taken at their word, told without telling what is hidden."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from directory.publishing.performance.disclosing import Row, Values, is_shown
from directory.publishing.performance.facts import MeasureUnit, QualityFlag, Shown, Source
from directory.publishing.performance.measures import (
    ACCEPTED,
    MEDIAN_RESPONSE,
    P90_RESPONSE,
    PARTS,
    RECEIVED,
    measure,
    measures,
)

A_TENTH = Decimal("0.1")
_TIMES = {MeasureUnit.MINUTES, MeasureUnit.NIGHTS}


def disagreeing(shown: Mapping[Source, Mapping[str, Shown]]) -> tuple[str, ...]:
    """The measures of which both sources are shown and differ by more than a tenth of the larger.

    Percentages differ by more than ten in a hundred. Of times, the directory knows only within which band they are: an
    imported one disagrees where it is longer than the band, by more than a tenth.
    """
    imported, computed = shown[Source.IMPORTED], shown[Source.COMPUTED]
    return tuple(
        one.code
        for one in measures()
        if is_shown(imported, one.code)
        and is_shown(computed, one.code)
        and _differ(one.unit, imported[one.code].value, computed[one.code].value)
    )


def _differ(unit: MeasureUnit, imported: Decimal | None, computed: Decimal | None) -> bool:
    if imported is None or computed is None:
        return False
    if unit is MeasureUnit.PERCENT:
        return abs(imported - computed) > 100 * A_TENTH
    if unit in _TIMES:
        return imported - computed > computed * A_TENTH
    return abs(imported - computed) > max(imported, computed) * A_TENTH


def flags(
    imported: Values, row: Row, shown: Mapping[Source, Mapping[str, Shown]], differing: tuple[str, ...]
) -> tuple[QualityFlag, ...]:
    """What is to be said of a service's figures; of imported ones that cannot be right, those are not shown.

    `row` is what is usable of what was `imported`.
    """
    return tuple(_flags(imported, row, shown[Source.IMPORTED], differing))


def _flags(imported: Values, row: Row, shown: Mapping[str, Shown], differing: tuple[str, ...]) -> Iterator[QualityFlag]:
    impossible = [code for code in imported if code not in row.values and measure(code) is not None]
    if not row.parts and any(code in imported for code in PARTS) and row.received is not None:
        impossible = [code for code in impossible if code not in PARTS]
        text = "It says that more referrals were accepted, declined and not answered than were received."
        yield QualityFlag("more_than_received", text)
    if impossible:
        yield QualityFlag("impossible", f"It gives figures that cannot be right: {_names(impossible)}.")
    if _longer(shown, MEDIAN_RESPONSE, P90_RESPONSE):
        text = "It says that half of its answers took longer than nine of ten did."
        yield QualityFlag("times_contradict", text)
    missing = [code for code in (RECEIVED, ACCEPTED, MEDIAN_RESPONSE) if code not in imported]
    if imported and missing:
        yield QualityFlag("missing", f"It has not given: {_names(missing)}.")
    if differing:
        yield QualityFlag("disagrees", f"Its own figures and the directory's differ: {_names(differing)}.")


def _longer(shown: Mapping[str, Shown], first: str, second: str) -> bool:
    if not (is_shown(shown, first) and is_shown(shown, second)):
        return False
    one, other = shown[first].value, shown[second].value
    return one is not None and other is not None and one > other


def _names(codes: list[str] | tuple[str, ...]) -> str:
    found = [one.name for one in (measure(code) for code in codes) if one is not None]
    return ", ".join(name[0].lower() + name[1:] for name in found)
