"""An edition as tables: one CSV file for each kind of entry, or one workbook. Nothing in them is ever run.

They are for people: words instead of codes, with the ids of organisations and services to join them by.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from directory.common.sheets_safe import harmless
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.formats.opening import hours_in_words
from directory.publishing.formats.terms import Taxonomy, Terms, language_names_of
from directory.publishing.formats.words import Body, answers_within, for_whom, kind_label, takes_nrpf
from directory.publishing.performance.facts import Measure, Source

Cell = str | int | None
NOT_TOLD = "not told: too few to say"
# What Excel takes for a character by its number, and characters that XML cannot hold.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header; every row has as many cells."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def organisations_table(bodies: Iterable[Body], terms: Terms) -> Table:
    """One row for each organisation."""
    header = (
        *("organisation_id", "name", "description", "led_by_and_for", "communities"),
        *("website", "phone", "email", "charity_number", "verified_on"),
    )
    rows = [
        (
            *(body["id"], body["name"], body["description"], "yes" if body["by_and_for"] else "no"),
            _listed(terms.names(Taxonomy.COMMUNITIES, body["communities"])),
            *(body["website"], body["phone"], body["email"], body["charity_number"], body["verified_on"]),
        )
        for body in bodies
    ]
    return Table("Organisations", header, rows)


def services_table(bodies: Iterable[Body], terms: Terms) -> Table:
    """One row for each service."""
    header = (
        *("service_id", "name", "organisation_id", "organisation", "led_by_and_for", "kind", "description", "needs"),
        *("communities", "languages", "for_whom", "takes_no_recourse_to_public_funds", "areas", "location", "postcode"),
        *("borough", "access", "hours", "phone", "website", "answers_within", "units", "bedspaces", "verified_on"),
    )
    rows = [
        (
            *(body["id"], body["name"], body["organisation_id"], body["organisation_name"]),
            *("yes" if body["by_and_for"] else "no", kind_label(body), body["description"]),
            _listed(terms.names(Taxonomy.NEEDS, body["needs"])),
            _listed(terms.names(Taxonomy.COMMUNITIES, body["communities"])),
            _listed(language_names_of(body["languages"])),
            *(for_whom(body), takes_nrpf(body), _listed(terms.areas(body["areas"]))),
            *(body["location_disclosure"], body["postcode"], terms.borough(body["borough"])),
            _listed(terms.names(Taxonomy.ACCESS_FEATURES, body["access_features"])),
            *(hours_in_words(body["hours"]), body["phone"], body["website"], answers_within(body)),
            *(body["units"], body["bedspaces"], body["verified_on"]),
        )
        for body in bodies
    ]
    return Table("Services", header, rows)


def programmes_table(bodies: Iterable[Body]) -> Table:
    """One row for each programme: what was commissioned, and what is in the directory."""
    header = (
        *("code", "name", "units", "bedspaces", "ringfenced_units"),
        *("live_units", "live_bedspaces"),
    )
    rows = [tuple(NOT_TOLD if body[key] is None else body[key] for key in header) for body in bodies]
    return Table("Programmes", header, rows)


def performance_table(bodies: Iterable[Body], services: Mapping[str, Body], measures: Sequence[Measure]) -> Table:
    """One row for each service, quarter and measure: only texts that everybody may read."""
    header = (
        *("service_id", "service", "organisation", "kind", "quarter", "measure", "measure_name", "unit"),
        *("from_the_service", "from_the_directory"),
    )
    return Table("Performance", header, list(_performance_rows(bodies, services, measures)))


def measures_table(measures: Iterable[Measure]) -> Table:
    """What each measure means."""
    header = ("measure", "name", "definition", "unit", "better_is", "numerator", "denominator", "source")
    rows = [
        (
            *(measure.code, measure.name, measure.definition, measure.unit.value, measure.direction.value),
            *(measure.numerator, measure.denominator, measure.source),
        )
        for measure in measures
    ]
    return Table("Measures", header, rows)


def about_table(edition: EditionFacts) -> Table:
    """What the edition is, and how to check it."""
    rows: list[tuple[Cell, ...]] = [
        ("Edition", edition.number),
        ("As of", edition.as_of.isoformat()),
        ("Corrects edition", edition.corrects_number),
        ("Organisations", edition.organisations),
        ("Services", edition.services),
        ("Refuge units", edition.units),
        ("Bedspaces", edition.bedspaces),
        ("SHA-256 of the content", edition.content_hash),
        ("Note", edition.note),
    ]
    return Table("Edition", ("what", "value"), rows)


def as_csv(table: Table) -> bytes:
    """The table in UTF-8 with the mark that Excel needs; no cell is run by a spreadsheet."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(table.header)
    writer.writerows([harmless(_text(cell)) for cell in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet for each table. Numbers are numbers; all else is text, never worked out."""
    workbook = Workbook(write_only=True)
    for table in tables:
        sheet = workbook.create_sheet(table.title)
        sheet.freeze_panes = "B2"
        for place, name in enumerate(table.header, 1):
            longest = max((len(_text(row[place - 1])) for row in table.rows[:200]), default=0)
            sheet.column_dimensions[get_column_letter(place)].width = min(max(longest, len(name)) + 2, _WIDEST)
        sheet.append([_cell(sheet, name, bold=True) for name in table.header])
        for row in table.rows:
            sheet.append([cell if isinstance(cell, int) else _cell(sheet, _text(cell)) for cell in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _performance_rows(
    bodies: Iterable[Body], services: Mapping[str, Body], measures: Sequence[Measure]
) -> Iterator[tuple[Cell, ...]]:
    for body in bodies:
        service = services.get(body["service_id"])
        named = (service["name"], service["organisation_name"], kind_label(service)) if service else ("", "", "")
        for quarter, figures in sorted(body["quarters"].items(), reverse=True):
            for measure in measures:
                texts = figures.get(measure.code)
                if texts:
                    yield (
                        *(body["service_id"], *named, quarter, measure.code, measure.name, measure.unit.value),
                        *(texts.get(Source.IMPORTED), texts.get(Source.COMPUTED)),
                    )


def _listed(names: Iterable[str]) -> str:
    return "; ".join(names)


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _cell(sheet: object, text: str, *, bold: bool = False) -> object:
    if not text:
        return None
    escaped = _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", harmless(text))
    cell = WriteOnlyCell(sheet, escaped)
    # The library would take some texts for errors or formulas.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
