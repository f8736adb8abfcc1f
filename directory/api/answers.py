"""What the API says of services and units: never what a unit is funded for."""

from typing import Any

from directory.capacity.queries import UnitFact
from directory.search.details import Match


def match_body(match: Match) -> dict[str, Any]:
    """A service that answers a question, with its units."""
    body = {
        "service": flat(match.service),
        "organisation": flat(match.organisation),
        "units": [_unit(unit) for unit in match.units],
        "score": match.score,
        "reasons": [flat(reason) for reason in match.reasons],
        "distance_miles": match.distance_miles,
    }
    if match.failed is not None:
        must, text = match.failed
        body["failed"] = {"code": must.value, "text": text}
    return body


def _unit(unit: UnitFact) -> dict[str, Any]:
    return {
        "id": unit.id,
        "bedspaces": unit.bedspaces,
        "available": unit.available,
        "confirm_by_phone": unit.confirm_by_phone,
        "confirmed_at": unit.confirmed_at.isoformat() if unit.confirmed_at else None,
    }


def flat(facts: Any) -> dict[str, Any]:
    """A dataclass of plain values by its fields' names (`asdict` would copy each value too)."""
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}
