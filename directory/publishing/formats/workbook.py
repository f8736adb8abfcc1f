"""All of an edition as the sheets of one workbook."""

from collections.abc import Sequence

from directory.publishing.editions.facts import EditionFacts
from directory.publishing.formats.holding import Held
from directory.publishing.formats.sheets import (
    Table,
    about_table,
    measures_table,
    organisations_table,
    performance_table,
    programmes_table,
    services_table,
)
from directory.publishing.formats.terms import Terms
from directory.publishing.performance.facts import Measure

# Beyond this an edition is not printed as a whole, and its figures are no sheet that a spreadsheet program opens well.
LARGEST_WHOLE = 1_500


def edition_tables(edition: EditionFacts, held: Held, terms: Terms, measures: Sequence[Measure]) -> tuple[Table, ...]:
    """A sheet for each kind of entry, what the measures mean, and first of all what edition it is."""
    services = {body["id"]: body for body in held.services}
    figures = (
        performance_table(held.performance, services, measures)
        if len(services) <= LARGEST_WHOLE
        else Table("Performance", ("what",), [("Too many rows for a workbook: they are in performance.csv",)])
    )
    return (
        about_table(edition),
        organisations_table(held.organisations, terms),
        services_table(held.services, terms),
        programmes_table(held.programmes),
        figures,
        measures_table(measures),
    )
