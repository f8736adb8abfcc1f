"""A provider's units in words, and the buttons beside them."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from directory.capacity.own_units import STATES, OwnUnit
from directory.web.pages.holds.presenting import until_in_words
from directory.web.pages.provider.contexts import ProviderPage, ServiceUnits, StateButton, UnitCard


def provider_page(units: Iterable[OwnUnit], now: datetime, problem: str = "") -> ProviderPage:
    """The page, units grouped by their service; they come in that order."""
    listed = list(units)
    groups = [
        (key, list(group)) for key, group in groupby(listed, key=lambda unit: (unit.service_id, unit.service_name))
    ]
    return ProviderPage(
        units=tuple(
            ServiceUnits(service_id, name, tuple(_card(unit, now) for unit in group))
            for (service_id, name), group in groups
        ),
        due=sum(unit.is_due for unit in listed),
        problem=problem,
        now=now,
    )


def _card(unit: OwnUnit, now: datetime) -> UnitCard:
    return UnitCard(
        unit=unit,
        held_until=until_in_words(unit.hold.until, now) if unit.hold else "",
        held_for_referral=unit.hold is not None and unit.hold.for_referral,
        buttons=tuple(
            StateButton(
                state=state,
                text=f"Still {state}" if state == unit.state.value else state.capitalize(),
                is_now=state == unit.state.value,
            )
            for state in STATES
        ),
    )
