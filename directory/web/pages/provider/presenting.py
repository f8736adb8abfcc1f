"""A provider's units in words, and the buttons beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from flask import current_app

from directory.capacity.own_units import STATES, OwnUnit
from directory.web.pages.holds.presenting import until_in_words
from directory.web.pages.provider.contexts import OwnService, ProviderPage, ServiceUnits, StateButton, UnitCard

# Pages of other areas that this one links to.
HISTORY, LISTINGS = "unit_history.provider", "editing.own"
_BY_WORDS = (("user-", "by a colleague"), ("link-", "through a link"), ("import", "by an import"))


def provider_page(
    units: Iterable[OwnUnit],
    services: Sequence[OwnService],
    reader: str,
    now: datetime,
    problem: str = "",
    shown: Mapping[str, str] | None = None,
) -> ProviderPage:
    """The page, units grouped by their service; they come in that order.

    `reader` is the reference of who reads it. `shown` holds the states in which the page showed units before.
    """
    listed = list(units)
    groups = [
        (key, list(group)) for key, group in groupby(listed, key=lambda unit: (unit.service_id, unit.service_name))
    ]
    return ProviderPage(
        units=tuple(
            ServiceUnits(service_id, name, tuple(_card(unit, reader, now, shown or {}) for unit in group))
            for (service_id, name), group in groups
        ),
        number=len(listed),
        due=sum(unit.is_due for unit in listed),
        services=tuple(services),
        history=HISTORY in current_app.view_functions,
        listings=LISTINGS in current_app.view_functions,
        problem=problem,
        now=now,
    )


def by_in_words(confirmed_by: str, reader: str) -> str:
    """Who confirmed something, for `reader`: `by you`, `by a colleague`, …; empty where it is not known."""
    if confirmed_by and confirmed_by == reader:
        return "by you"
    return next((words for prefix, words in _BY_WORDS if confirmed_by.startswith(prefix)), "")


def _card(unit: OwnUnit, reader: str, now: datetime, shown: Mapping[str, str]) -> UnitCard:
    before = shown.get(unit.id, unit.state.value)
    return UnitCard(
        unit=unit,
        confirmed_by=by_in_words(unit.confirmed_by, reader) if unit.confirmed_at else "",
        was_shown_as=before if before != unit.state.value else "",
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
