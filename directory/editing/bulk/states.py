"""Sheets of units and what their providers say: a sheet neither borrows their confirmations nor overrules them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit, UnitState
from directory.catalogue.files import cells
from directory.catalogue.files.errors import CellError
from directory.common.clock import to_the_minute
from directory.editing.bulk.rows import Prepared

_NOT_CONFIRMED = "In this state nobody has confirmed it: it is not offered until somebody does."
_CONFIRMED_SINCE = (
    "It was confirmed since this file was taken out: its state, and when it was confirmed, stay as they are."
)


def keep_confirmations(session: Session, prepared: Sequence[Prepared], at: datetime) -> None:
    """Change what rows of units would do to states, and tell so in their notices.

    Another state without a confirmation of its own is not confirmed: whoever confirmed the one before has not said so.
    A state that is older than what was said since is left out: files are taken out, worked on and brought back.
    """
    known = {
        row.id: (row.state, row.confirmed_at)
        for row in session.execute(select(Unit.id, Unit.state, Unit.confirmed_at).where(Unit.removed_at.is_(None)))
    }
    for one in prepared:
        if one.id in known and not {"state", "confirmed_at"} & one.broken:
            _keep(one, *known[one.id], at)


def _keep(one: Prepared, state: UnitState, confirmed_at: datetime | None, at: datetime) -> None:
    wanted, text = one.texts.get("state", state.value), one.texts.get("confirmed_at", "")
    try:
        read = cells.MOMENT.read(text, at) if text else None
    except CellError:
        return  # the checks refuse it
    said = read if isinstance(read, datetime) else None
    # To the minute: spreadsheets show no more of a time, and keep what they show.
    if said is not None and confirmed_at is not None and to_the_minute(said) < to_the_minute(confirmed_at):
        one.texts.pop("state", None)
        one.texts.pop("confirmed_at", None)
        one.notices.append(_CONFIRMED_SINCE)
    elif wanted != state and (
        said is None or (confirmed_at is not None and to_the_minute(said) == to_the_minute(confirmed_at))
    ):
        one.texts["confirmed_at"] = ""
        one.notices.append(_NOT_CONFIRMED)
