"""What must hold within one row of `services.csv`, and what the gazetteer adds to it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from directory.catalogue.files.description import BOROUGHS, Problem, Rule
from directory.catalogue.files.errors import Refusals
from directory.catalogue.files.plan import FileRow, Folder, TablePlan
from directory.catalogue.secrecy import (
    NO_POSTCODES,
    find_location,
    find_location_in_id,
    find_location_in_name,
)
from directory.catalogue.telling_names import telling_words
from directory.catalogue.vocabulary import LocationDisclosure, ServiceKind
from directory.places.bulk import LocatedPostcode, locate_postcodes

ONLY_PUBLIC = (
    "Only a service whose location is public has a postcode. A place that people may have to hide in is stored as a "
    "borough at most: what is not stored cannot leak. Empty the cell."
)
SAY_LESS = "A place that is not public must not be told. Name its borough at most."


def _ages(row: Mapping[str, Any], _folder: Folder) -> Iterator[Problem]:
    low, high = row["min_age"], row["max_age"]
    if low is not None and high is not None and low > high:
        yield Problem("max_age", f"It is below min_age, which is {low}.", allowed=(f"{low} or more",))


def _postcode_is_public(row: Mapping[str, Any], _folder: Folder) -> Iterator[Problem]:
    if row["postcode"] and row["location_disclosure"] != LocationDisclosure.PUBLIC:
        yield Problem("postcode", ONLY_PUBLIC)


def _texts_tell_no_place(row: Mapping[str, Any], folder: Folder) -> Iterator[Problem]:
    disclosure = row["location_disclosure"]
    if disclosure == LocationDisclosure.PUBLIC:
        return
    secret = disclosure == LocationDisclosure.SECRET
    postcodes = folder.postcodes if secret else NO_POSTCODES
    organisation = folder.afterwards("organisations.csv", row["organisation_id"])
    names = [str(organisation["name"])] if organisation else []
    found = {"name": find_location_in_name(row["name"], names=names, postcodes=postcodes)}
    for column in ("description", "hours"):
        found[column] = find_location(row[column], streets=secret, names=[*names, row["name"]], postcodes=postcodes)
    if secret:
        mailbox = row["referral_email"].partition("@")[0]
        found["id"] = find_location_in_id(row["id"], postcodes=postcodes)
        found["referral_email"] = find_location_in_id(mailbox, postcodes=postcodes) or find_location_in_name(
            re.sub(r"[-_.+]+", " ", mailbox), postcodes=postcodes
        )
    for column, location in found.items():
        if location:
            yield Problem(column, f"It holds a {location.what}. {SAY_LESS}", location.words)


def _refuge_names_tell_nothing(row: Mapping[str, Any], _folder: Folder) -> Iterator[Problem]:
    if row["kind"] == ServiceKind.REFUGE:
        yield from tells_of_ringfence(row, ("id", "name"))


def tells_of_ringfence(row: Mapping[str, Any], columns: tuple[str, ...]) -> Iterator[Problem]:
    """A problem for each of `columns` whose words tell of immigration status or a ring-fence (firewall, rule 3)."""
    for column in columns:
        words = telling_words(row[column])
        if words:
            yield Problem(
                column,
                "It tells for whom a unit is funded, and so of everybody who stays there. Use a neutral name.",
                words,
                ("Room 1", "LDN-SAFE-2026"),
            )


SERVICE_RULES = (
    Rule(("min_age", "max_age"), _ages),
    Rule(("postcode", "location_disclosure"), _postcode_is_public),
    Rule(("id", "name", "description", "hours", "referral_email", "location_disclosure"), _texts_tell_no_place),
    Rule(("id", "name", "kind"), _refuge_names_tell_nothing),
)


def locate_services(session: Session, plan: TablePlan, _folder: Folder, refusals: Refusals) -> None:
    """Give every public postcode its coordinates, and the borough where that is empty.

    Refuses postcodes that the gazetteer does not know and boroughs that contradict them.
    """
    rows = [row for row in plan.rows.values() if not {"postcode", "location_disclosure"} & row.unreadable]
    public = [row for row in rows if row.values["location_disclosure"] == LocationDisclosure.PUBLIC]
    places = locate_postcodes(session, (str(row.values["postcode"]) for row in public if row.values["postcode"]))
    for row in rows:
        row.values["latitude"] = row.values["longitude"] = None
    for row in public:
        if row.values["postcode"]:
            _locate(row, places.get(str(row.values["postcode"])), plan, _folder, refusals)


def _locate(row: FileRow, place: LocatedPostcode | None, plan: TablePlan, folder: Folder, refusals: Refusals) -> None:
    postcode = str(row.values["postcode"])
    if place is None:
        message = "The gazetteer does not know this postcode."
        refusals.add(plan.table.file, message, row=row.number, column="postcode", value=postcode)
        return
    row.values["latitude"], row.values["longitude"] = place.latitude, place.longitude
    if "borough" in row.unreadable:
        return
    borough = row.values["borough"]
    if borough is not None and "borough" in plan.given and borough not in place.borough_codes:
        names = folder.codes(BOROUGHS)
        where = ", ".join(names.get(code, code) for code in place.borough_codes) or "no London borough"
        message = f"The postcode {postcode} lies in {where}. Correct one of the two, or empty this cell."
        refusals.add(
            plan.table.file,
            message,
            row=row.number,
            column="borough",
            value=str(borough),
            allowed=place.borough_codes,
        )
    elif borough is None or borough not in place.borough_codes:
        # One borough can be told from the postcode alone; a sector across several cannot say which.
        row.values["borough"] = place.borough_codes[0] if len(place.borough_codes) == 1 else None
