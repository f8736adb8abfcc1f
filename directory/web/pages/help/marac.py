"""The MARAC pathway: what high risk asks of whoever refers, and whom to contact in each area."""

import re
from dataclasses import replace

from directory.catalogue.guidance import GuidanceText, read_guidance
from directory.extensions import current_session
from directory.web import current

MARAC, AREAS = "marac", "marac-boroughs"
_HEADING = re.compile(r"^(?=## )", re.MULTILINE)


def marac_texts() -> tuple[GuidanceText | None, GuidanceText | None]:
    """The pathway, and the areas' contacts with the person's own area first; None for a text that nobody wrote."""
    session = current_session()
    areas = read_guidance(session, AREAS)
    if areas is not None:
        areas = replace(areas, body=own_area_first(areas.body, _own_area()))
    return read_guidance(session, MARAC), areas


def own_area() -> str:
    """The contacts of the person's own area alone, in Markdown; empty where it is not known or not listed."""
    areas = read_guidance(current_session(), AREAS)
    sections = _HEADING.split(areas.body)[1:] if areas is not None else []
    return next((section.strip() for section in sections if _own_area().casefold() in _names(section)), "")


def _own_area() -> str:
    person = current.person()
    return person.area if person is not None else ""


def own_area_first(body: str, area: str) -> str:
    """A text with a section (`## Central East (Hackney, …)`) for each area; the one that is, or holds, `area` first."""
    opening, *sections = _HEADING.split(body)
    sections.sort(key=lambda section: area.casefold() not in _names(section))
    return opening + "".join(f"{section.rstrip()}\n\n" for section in sections)


def _names(section: str) -> list[str]:
    """The area and the boroughs that a section's heading names."""
    heading = section.partition("\n")[0].removeprefix("## ").removesuffix(")")
    return [name.strip().casefold() for name in re.split(r"[(,]", heading)]
