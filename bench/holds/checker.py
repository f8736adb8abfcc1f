"""The independent check after the contention: the workers' files against the database, by SQL text and arithmetic.

It uses nothing of the product but the audit trail's own verification. A hold's unit is cut when it ends, so which unit
it was is known from the workers' files alone, by the key with which it was asked for.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.holds import journal
from directory.audit.verify import verify
from directory.extensions import Database

HOLDS = "SELECT id, unit_id, held_by, held_at, expires_at, ended_at, outcome, idempotency_key FROM holds"
TRAIL = "SELECT sequence, event, details FROM audit_entries ORDER BY sequence"
ENDINGS = {"hold_released", "hold_expired", "hold_ended_by_provider", "hold_placed"}


@dataclass
class Finding:
    """What was found. `overlaps` and `faults` must be 0 and empty; times are seconds since 1970."""

    attempts: int = 0
    successes: int = 0
    answered_again: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    holds: int = 0
    overlaps: int = 0
    audit_entries: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Acknowledged:
    """A hold whose commit came back: from `begins` on the unit was promised, until `freed` was asked for."""

    unit: str
    begins: float
    key: str
    by: int


def check(url: str, files: Iterable[Path]) -> Finding:
    """Read everything and compare."""
    finding = Finding()
    asked: dict[tuple[int, str], str] = {}
    promised: dict[str, Acknowledged] = {}
    freed: dict[str, float] = {}
    for path in files:
        for line in journal.read(path):
            _take(line, finding, asked, promised, freed)
    database = Database(url)
    with database.new_session() as session:
        rows = {row.id: row for row in session.execute(text(HOLDS))}
        trail = [(row.event, json.loads(row.details)) for row in session.execute(text(TRAIL))]
        counted = session.scalar(text("SELECT coalesce(sum(holds), 0) FROM unit_hold_counts"))
        verdict = verify(session)
    database.engine.dispose()
    finding.holds, finding.audit_entries = len(rows), verdict.entries
    units = {row.id: asked.get((row.held_by, row.idempotency_key), "") for row in rows.values()}
    finding.faults += [f"hold {hold}: nobody asked for it" for hold, unit in units.items() if not unit]
    for hold, promise in promised.items():
        finding.faults += [f"hold {hold}: {fault}" for fault in unlike(promise, rows.get(hold), freed.get(hold))]
    finding.overlaps = overlaps_as_seen(promised, rows, freed) + overlaps_in_trail(trail, units, finding)
    if counted != sum(row.ended_at is not None for row in rows.values()):
        finding.faults.append("the counts of holds by unit and day do not add up to the holds that ended")
    if verdict.first_problem:
        finding.faults.append(f"audit entry {verdict.first_problem.sequence}: {verdict.first_problem.what}")
    return finding


def _take(
    line: journal.Line,
    finding: Finding,
    asked: dict[tuple[int, str], str],
    promised: dict[str, Acknowledged],
    freed: dict[str, float],
) -> None:
    match line["what"]:
        case "try":
            finding.attempts += 1
            asked[line["by"], hashlib.sha256(line["key"].encode()).hexdigest()] = line["unit"]
        case "held":
            finding.answered_again += line["again"]
            finding.successes += not line["again"]
            promise = Acknowledged(line["unit"], line["at"], line["key"], line["by"])
            if line["hold"] in promised:
                finding.faults.append(f"hold {line['hold']}: acknowledged twice")
            promised[line["hold"]] = promise
        case "refused":
            finding.refusals[line["why"]] += 1
        case "free":
            # A successor asks again where nobody knows whether it came through; the first time may have done it.
            freed.setdefault(line["hold"], line["at"])


def unlike(promise: Acknowledged, row: Any, freed: float | None) -> Iterable[str]:
    """How an acknowledged hold is not as the database has it."""
    if row is None:
        yield "acknowledged, and not in the database"
        return
    if row.held_by != promise.by or row.idempotency_key != hashlib.sha256(promise.key.encode()).hexdigest():
        yield "it is somebody else's, or of another key"
    if row.ended_at is None:
        if row.unit_id != promise.unit or row.outcome is not None:
            yield "it goes on, with another unit or with an outcome"
        return
    if row.unit_id is not None:
        yield "it has ended and names a unit"
    if row.outcome not in ("expired", "released"):
        yield f"it ended as {row.outcome}, which nobody asked for"
    if row.outcome == "expired" and _seconds(row.ended_at) < _seconds(row.expires_at):
        yield "it expired before its time was up"
    if row.outcome == "released" and freed is None:
        yield "it was released, which nobody asked for"


def overlaps_as_seen(promised: dict[str, Acknowledged], rows: dict[str, Any], freed: dict[str, float]) -> int:
    """Pairs of promises on one unit that were both good at some moment, as those who got them saw it.

    Promised is what was acknowledged, until its time is up or its holder asks for its release: whatever the database
    says, two such stretches on one unit would be two households at one door.
    """
    stretches: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for hold, promise in promised.items():
        if hold in rows:
            ends = min(_seconds(rows[hold].expires_at), freed.get(hold, float("inf")))
            stretches[promise.unit].append((promise.begins, ends))
    overlaps = 0
    for of_unit in stretches.values():
        latest = float("-inf")
        for begins, ends in sorted(of_unit):
            if ends > begins:
                overlaps += begins < latest
                latest = max(latest, ends)
    return overlaps


def overlaps_in_trail(trail: list[tuple[str, dict[str, Any]]], units: dict[str, str], finding: Finding) -> int:
    """Holds that were made while another on the same unit went on, in the order of the audit trail, which is that of
    the commits. Holds that nobody was told of (the worker was killed before) count as well."""
    overlaps = 0
    on_unit: dict[str, str] = {}
    made: Counter[str] = Counter()
    for event, details in trail:
        hold = details.get("hold", "")
        if event == "hold_made":
            unit = units.get(hold, "")
            made[hold] += 1
            overlaps += unit in on_unit
            on_unit[unit] = hold
        elif event in ENDINGS and on_unit.pop(units.get(hold, ""), None) != hold:
            finding.faults.append(f"hold {hold}: it ended without going on")
    if set(made) != set(units) or any(count > 1 for count in made.values()):
        finding.faults.append("the audit trail does not name each hold's making once")
    return overlaps


def _seconds(instant: datetime | str) -> float:
    if isinstance(instant, str):  # SQLite's text, in UTC
        instant = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    return instant.timestamp()
