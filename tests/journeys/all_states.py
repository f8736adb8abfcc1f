"""Every page of the product, in every state: what each area lists, together."""

from tests.journeys import (
    states,
    states_assurance,
    states_bulk,
    states_cascade,
    states_contracts,
    states_downloads,
    states_editing,
    states_editions,
    states_insight,
    states_performance,
    states_upkeep,
)
from tests.journeys.states import State

_AREAS = (
    states,
    states_upkeep,
    states_editing,
    states_bulk,
    states_contracts,
    states_editions,
    states_cascade,
    states_downloads,
    states_performance,
    states_insight,
    states_assurance,
)
STATES: tuple[State, ...] = tuple(state for area in _AREAS for state in area.STATES)
NOT_PAGES = {"bulk.export"}.union(*(getattr(area, "NOT_PAGES", set()) for area in _AREAS))
