"""Every page of the product, in every state: what each area lists, together."""

from tests.journeys import states, states_bulk, states_contracts, states_editing, states_upkeep
from tests.journeys.states import State

STATES: tuple[State, ...] = (
    *states.STATES,
    *states_upkeep.STATES,
    *states_editing.STATES,
    *states_bulk.STATES,
    *states_contracts.STATES,
)
NOT_PAGES = states.NOT_PAGES | states_upkeep.NOT_PAGES | states_contracts.NOT_PAGES | {"bulk.export"}
