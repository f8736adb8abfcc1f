"""The figures of a quarter as tables that fit a page: only texts that the edition holds, which everybody may read."""

from collections.abc import Mapping, Sequence

from directory.publishing.formats.words import Body, kind_label
from directory.publishing.performance.facts import Measure, Source
from directory.web.pages.downloads.contexts import PrintedFigures

# Columns that can be read side by side on a page in landscape.
MOST_COLUMNS = 8
NOT_KNOWN, HIDDEN = "not known", "hidden"


def newest_quarter(performance: Sequence[Body]) -> str:
    """The newest quarter of which any service has figures; empty where there is none."""
    return max((quarter for body in performance for quarter in body["quarters"]), default="")


def figure_tables(
    performance: Sequence[Body], services: Sequence[Body], quarter: str, measures: Sequence[Measure]
) -> tuple[PrintedFigures, ...]:
    """Tables for each kind of service, each of as many measures as fit; measures that nobody has are left out."""
    figures = {body["service_id"]: body["quarters"].get(quarter, {}) for body in performance}
    reporting = [body for body in services if figures.get(body["id"])]
    found = []
    for kind in dict.fromkeys(sorted(kind_label(body) for body in reporting)):
        of_kind = sorted(
            (body for body in reporting if kind_label(body) == kind), key=lambda body: body["name"].casefold()
        )
        used = [one for one in measures if any(_is_there(figures[body["id"]].get(one.code)) for body in of_kind)]
        for first in range(0, len(used), MOST_COLUMNS):
            columns = tuple(used[first : first + MOST_COLUMNS])
            continued = ", continued" if first else ""
            rows = tuple(
                (body["name"], tuple(figure(figures[body["id"]].get(one.code)) for one in columns)) for body in of_kind
            )
            found.append(PrintedFigures(f"{kind}{continued}", columns, rows))
    return tuple(found)


def figure(texts: Mapping[str, str] | None) -> str:
    """What a cell says: the service's own figure, and the directory's where that differs."""
    own = _short((texts or {}).get(Source.IMPORTED, ""))
    computed = _short((texts or {}).get(Source.COMPUTED, ""))
    known = [text for text in (own, computed) if text and text != NOT_KNOWN]
    if len(known) == 2 and own != computed:
        return f"{own} (directory: {computed})"
    return known[0] if known else NOT_KNOWN


def _is_there(texts: Mapping[str, str] | None) -> bool:
    return figure(texts) != NOT_KNOWN


def _short(text: str) -> str:
    """The reason why a figure is hidden is told once, below the heading."""
    return HIDDEN if text.startswith(HIDDEN) else text
