"""What was sent from the page behind a link."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from directory.capacity.own_units import STATES
from directory.capacity.updates import UnitAnswer
from directory.upkeep.one_tap import OneTapPage

WAS, STATE, LISTING = "was.", "state.", "listing"


class UnreadableAnswerError(Exception):
    """What was sent is no answer to the page as it is now. Its sentences say so to whoever sent it."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Sent:
    """What was said of each unit, by its id, and of which services the listing is still right."""

    units: Mapping[str, UnitAnswer] = field(default_factory=dict)
    listings: frozenset[str] = frozenset()


def read_sent(form: MultiDict[str, str], page: OneTapPage) -> Sent:
    """Read the form. A unit without a choice is confirmed as it was shown; one that was not shown is left out.

    Raises UnreadableAnswerError for words that are no states, for units and services of others, and for an answer
    that says nothing.
    """
    known = {unit.id for service in page.services for unit in service.units}
    # A part of a form can come without a name.
    named = {name.partition(".")[2] for name in form if name and name.startswith((WAS, STATE))}
    sent = Sent(
        units={unit_id: _answer(form, unit_id) for unit_id in sorted(named & known)},
        listings=frozenset(form.getlist(LISTING)),
    )
    if named - known or sent.listings - {service.id for service in page.services}:
        raise UnreadableAnswerError("What you sent does not fit this page.", "Nothing has been kept. Confirm again.")
    if not sent.units and not sent.listings:
        raise UnreadableAnswerError(
            "You have not confirmed anything yet.", "Put a tick if the listing is still right. If not, sign in."
        )
    return sent


def _answer(form: MultiDict[str, str], unit_id: str) -> UnitAnswer:
    was = form.get(WAS + unit_id, "")
    now_is = form.get(STATE + unit_id, was)
    if was not in STATES or now_is not in STATES:
        raise UnreadableAnswerError("What you sent could not be read.", "Nothing has been kept. Confirm again.")
    return UnitAnswer(was=STATES[was], now_is=STATES[now_is])
