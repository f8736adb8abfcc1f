"""`units.csv`: its columns, the rules within it and with the services that the units belong to."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import true
from sqlalchemy.orm import Session

from directory.capacity.history import record_states
from directory.capacity.holds.queries import live_holds
from directory.capacity.models import RingFence, Unit, UnitNotFrom, UnitState, unit_access_features
from directory.catalogue.files import cells
from directory.catalogue.files.description import BOROUGHS, Column, FileTable, Problem, Removal, Rule
from directory.catalogue.files.difference import TableChanges
from directory.catalogue.files.errors import Refusals
from directory.catalogue.files.plan import Folder, TablePlan
from directory.catalogue.files.service_rules import SAY_LESS, tells_of_ringfence
from directory.catalogue.files.tables import ACCESS_FEATURES_FILE, SERVICES_FILE, codes, table_of
from directory.catalogue.secrecy import NO_POSTCODES, Location, find_location_in_id, find_location_in_label
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import LocationDisclosure

UNITS_FILE = "units.csv"
LARGEST_UNIT = 100
NOT_NOW = "This unit cannot be changed at the moment."
# A limit above 17 limits no child.
OLDEST_BOY = 120


def _contract_in_order(row: Mapping[str, Any], _folder: Folder) -> Iterator[Problem]:
    first, end = row["active_from"], row["active_until"]
    if first is not None and end is not None and not first < end:
        yield Problem(
            "active_until",
            f"It is the date after the last one, so it must come after active_from, which is {first}.",
            allowed=(f"after {first}",),
        )


def _names_tell_nothing(row: Mapping[str, Any], _folder: Folder) -> Iterator[Problem]:
    yield from tells_of_ringfence(row, ("id", "name", "programme"))


def _names_tell_no_place(folder: Folder, refusals: Refusals) -> None:
    """Units of a service that is not public must not be called by their address, whichever file says so."""
    plan = folder.plans[UNITS_FILE]
    services = folder.plans[SERVICES_FILE]
    for key, values in plan.all_afterwards():
        service_id = str(values["service_id"])
        row = plan.rows.get(key)
        service_row = services.rows.get((service_id,))
        if row is None and service_row is None:
            continue
        for column, found in _places_told(folder, values):
            message = f"It holds a {found.what}. {SAY_LESS}"
            if row is not None:
                refusals.add(UNITS_FILE, message, row=row.number, column=column, value=found.words)
            elif service_row is not None:
                message = (
                    f"Its unit {key[0]} is called by a {found.what}, so it cannot be kept from anybody. Rename it."
                )
                refusals.add(
                    SERVICES_FILE, message, row=service_row.number, column="location_disclosure", value=found.words
                )


def _keep_held_units(session: Session, plan: TablePlan, folder: Folder, refusals: Refusals) -> None:
    """Refuse to close, occupy, remove or hand over a unit that somebody holds: whoever holds it was promised it.

    Whoever imports is not told that it is held: commissioners know what a unit is funded for (firewall, rule 3).
    """
    for unit_id in live_holds(session, folder.now, true()):
        row, kept = plan.rows.get((unit_id,)), plan.current((unit_id,))
        message = f"{NOT_NOW} Ask its provider, or try again later."
        if row is None and (unit_id,) in plan.leaving:
            refusals.add(UNITS_FILE, f"{message} It may not be left out.", value=unit_id)
        elif row is not None and row.values["state"] != UnitState.OPEN:
            state = str(row.values["state"])
            refusals.add(UNITS_FILE, message, row=row.number, column="state", value=state, allowed=["open"])
        elif row is not None and kept is not None and row.values["service_id"] != kept.values["service_id"]:
            service_id = str(row.values["service_id"])
            refusals.add(UNITS_FILE, message, row=row.number, column="service_id", value=service_id)


def _prepare_units(session: Session, plan: TablePlan, folder: Folder, refusals: Refusals) -> None:
    _keep_held_units(session, plan, folder, refusals)
    if "confirmed_at" not in plan.given:
        _borrow_no_confirmation(plan)


def _borrow_no_confirmation(plan: TablePlan) -> None:
    """A file that changes states and says nothing of confirmations: what was confirmed was another state."""
    for key, row in plan.rows.items():
        kept = plan.current(key)
        if kept is not None and row.values["state"] != kept.values["state"]:
            row.values["confirmed_at"] = None


def _places_told(folder: Folder, unit: Mapping[str, Any]) -> Iterator[tuple[str, Location]]:
    service = folder.afterwards(SERVICES_FILE, unit["service_id"])
    if service is None or service["location_disclosure"] == LocationDisclosure.PUBLIC:
        return
    secret = service["location_disclosure"] == LocationDisclosure.SECRET
    postcodes = folder.postcodes if secret else NO_POSTCODES
    for column in ("name", "programme"):
        found = find_location_in_label(unit[column], postcodes=postcodes)
        if found:
            yield column, found
    in_id = find_location_in_id(unit["id"], postcodes=postcodes) if secret else None
    if in_id:
        yield "id", in_id


def _record_states(session: Session, changes: TableChanges, now: datetime) -> None:
    """Keep the history of states: new and restored units begin a period, removed ones are closed."""
    plan = changes.plan
    touched = [*changes.inserted, *changes.restored]
    touched += [key for key, columns in changes.changed.items() if any(column.name == "state" for column in columns)]
    states = {key[0]: str(plan.rows[key].values["state"]) for key in touched}
    states |= {key[0]: UnitState.CLOSED.value for key in changes.removed}
    record_states(session, states, now)


UNITS = FileTable(
    file=UNITS_FILE,
    versioned_as=ListingKind.UNIT,
    live=frozenset({"state", "confirmed_at"}),
    noun="unit",
    table=table_of(Unit),
    owner="service_id",
    removal=Removal.MARK,
    removed_as={"state": UnitState.CLOSED},
    rules=(
        Rule(("active_from", "active_until"), _contract_in_order),
        Rule(("id", "name", "programme"), _names_tell_nothing),
    ),
    prepare=_prepare_units,
    check_folder=_names_tell_no_place,
    after_write=_record_states,
    columns=(
        Column("id", cells.IDENTIFIER, required=True),
        Column("service_id", cells.CODE, required=True, refers_to=SERVICES_FILE),
        Column("name", cells.LINE),
        Column("borough", cells.optional(cells.CODE), stored="borough_code", refers_to=BOROUGHS),
        Column("bedspaces", cells.whole_number(1, LARGEST_UNIT), required=True),
        Column("max_adults", cells.whole_number(0, LARGEST_UNIT), required=True),
        Column("max_children", cells.whole_number(0, LARGEST_UNIT), required=True),
        Column("boys_max_age", cells.whole_number(0, OLDEST_BOY)),
        Column("ringfence", cells.choice_of(list(RingFence)), required=True),
        codes("access_features", unit_access_features, "unit_id", "feature_code", ACCESS_FEATURES_FILE),
        codes("not_from", table_of(UnitNotFrom), "unit_id", "borough_code", BOROUGHS),
        Column("programme", cells.LINE),
        Column("active_from", cells.DAY),
        Column("active_until", cells.DAY),
        Column("state", cells.choice_of(list(UnitState)), required=True),
        Column("confirmed_at", cells.MOMENT),
    ),
)
