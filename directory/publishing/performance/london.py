"""London as a whole: the directory's own figures over all services, as they may be shown.

An exact total over services is what is shown of them and what is hidden: it tells the latter. So London's counts are
the sums of what everybody sees of single services, `812 or more`: they tell nobody anything new, whatever they are
compared with. The share that was answered within the target is reckoned from the bands in which the services' shares
are shown: `about 83%`. How long answers took is a band that all answers decide together, told of a hundred referrals
or more.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from directory.publishing.performance.computing import Computed
from directory.publishing.performance.disclosing import is_shown
from directory.publishing.performance.facts import ServiceFigures, Shown, ShownState, Source
from directory.publishing.performance.measures import (
    MEDIAN_RESPONSE,
    OCCUPANCY,
    P90_RESPONSE,
    PARTS,
    RECEIVED,
    WITHIN_TARGET,
    measure,
)
from directory.publishing.performance.wording import HIDDEN, as_shown, middle_of_band, plain

FEWEST_FOR_TIMES = 100


def london_figures(computed: Computed, services: Iterable[ServiceFigures]) -> Mapping[str, Shown]:
    """The directory's figures of a quarter, by measure code. `services` are all that are shown."""
    known = [one.computed for one in services]
    shown = {code: total_shown(code, known) for code in (RECEIVED, *PARTS) if any(code in one for one in known)}
    received = shown[RECEIVED].value if is_shown(shown, RECEIVED) else None
    overall = computed.all_services
    # They hang on how many there were, so that is asked of what is shown.
    if received is not None and received >= FEWEST_FOR_TIMES:
        shown |= {code: _shown(code, overall[code]) for code in (MEDIAN_RESPONSE, P90_RESPONSE)}
        shown |= _within_target(known)
    if OCCUPANCY in overall:
        shown[OCCUPANCY] = _shown(OCCUPANCY, overall[OCCUPANCY].quantize(Decimal(1), ROUND_HALF_UP))
    return shown


def _within_target(figures: Iterable[Mapping[str, Shown]]) -> dict[str, Shown]:
    """The middles of the services' bands, weighted by how often each was asked."""
    seen = [one for one in figures if is_shown(one, RECEIVED) and is_shown(one, WITHIN_TARGET)]
    weights = [one[RECEIVED].value or Decimal(0) for one in seen]
    if not seen:
        return {}
    parts = [middle_of_band(one[WITHIN_TARGET]) * weight for one, weight in zip(seen, weights, strict=True)]
    share = (sum(parts, Decimal(0)) / sum(weights, Decimal(0))).quantize(Decimal(1), ROUND_HALF_UP)
    return {WITHIN_TARGET: Shown(share, f"about {share}%", ShownState.SHOWN)}


def total_shown(code: str, figures: Iterable[Mapping[str, Shown]]) -> Shown:
    """How much everybody sees of a count, added up: there may be more."""
    total = sum((one[code].value or Decimal(0) for one in figures if is_shown(one, code)), Decimal(0))
    return Shown(total, f"{plain(total)} or more", ShownState.SHOWN) if total else HIDDEN


def _shown(code: str, value: Decimal) -> Shown:
    one = measure(code)
    assert one is not None, "the measures that the directory computes are defined"  # noqa: S101
    return as_shown(one, value, Source.COMPUTED)
