"""The page of a police area in words, cut to what fits on one sheet of A4."""

from collections.abc import Sequence

from flask import url_for

from directory.catalogue.vocabulary import ServiceKind
from directory.common.languages import language_name
from directory.publishing.cascade.areas import PoliceArea
from directory.publishing.cascade.briefing import Briefed, Briefing
from directory.publishing.cascade.issued import IssuedEdition
from directory.web.filters import in_a_sentence
from directory.web.pages.briefings.contexts import AreaChoice, ChoosePage, Part, Row, Sheet
from directory.web.pages.briefings.fitting import lines_of, share_out, words_that_fit

# Of the 186 mm between the margins, in hundredths of the nine points in which rows are set.
_PAGE = 5850
NAME_WIDTH, DETAIL_WIDTH, PHONE_WIDTH = (_PAGE * percent // 100 - 100 for percent in (52, 27, 21))
LONGEST_NAME, MOST_LANGUAGES_BESIDE = 150, 3
LANGUAGE_LINES, OTHER_LINES = 4, 2
NO_NUMBER = "through the directory"


def choose_page(edition: IssuedEdition, areas: Sequence[PoliceArea], *, with_pdf: bool) -> ChoosePage:
    """Every area with the way to its page."""
    return ChoosePage(edition.number, edition.as_of, tuple(_choice(edition, area, with_pdf) for area in areas))


def sheet(found: Briefing) -> Sheet:
    """What the sheet of paper says."""
    lists = (
        [_row(one, _languages(one)) for one in found.lines],
        [_row(one, _space(one)) for one in found.refuges],
        [_row(one, one.kind.label) for one in found.by_and_for],
    )
    shown = share_out(lists, _lines_of_row)
    return Sheet(
        number=found.edition.number,
        as_of=found.edition.as_of,
        area=found.area.name,
        boroughs=boroughs(found.area),
        parts=tuple(_part(place, rows, shown[place], found) for place, rows in enumerate(lists)),
        languages=_some([_spoken(*one) for one in found.languages], LANGUAGE_LINES),
        others=_some([_counted(*one) for one in found.others], OTHER_LINES),
    )


def boroughs(area: PoliceArea) -> str:
    """The names of its boroughs in a sentence."""
    return in_a_sentence([borough.name for borough in area.boroughs])


def _choice(edition: IssuedEdition, area: PoliceArea, with_pdf: bool) -> AreaChoice:
    return AreaChoice(
        name=area.name,
        boroughs=boroughs(area),
        href=url_for("briefings.briefing", number=edition.number, area=area.slug),
        pdf=url_for("briefings.pdf", number=edition.number, area=area.slug) if with_pdf else "",
    )


def _part(place: int, rows: Sequence[Row], shown: int, found: Briefing) -> Part:
    nearest = f"Those for {found.area.name} first, then those for all of London, by name"
    heading, order, empty, detail = (
        (
            "Lines that answer day and night",
            nearest,
            "None is published for this area. The directory has those with other hours.",
            "Languages",
        ),
        (
            "Refuges",
            "All of London's, the most units first, then by name. Where one is, no page says",
            "None is published.",
            "Space (by contract)",
        ),
        ("Led by and for those they support", nearest, "None is published for this area.", "What it is"),
    )[place]
    return Part(heading, order, empty, detail, tuple(rows[:shown]), len(rows) - shown)


def _row(one: Briefed, detail: str) -> Row:
    same = one.name.casefold() == one.organisation.casefold()
    name = one.name if same else f"{one.name} ({one.organisation})"
    return Row(name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…", detail, one.phone or NO_NUMBER)


def _lines_of_row(row: Row) -> int:
    cells = ((row.name, NAME_WIDTH), (row.detail, DETAIL_WIDTH), (row.phone, PHONE_WIDTH))
    return max(lines_of(text, width) for text, width in cells)


def _languages(one: Briefed) -> str:
    names = sorted(language_name(code) for code in one.languages)
    more = len(names) - MOST_LANGUAGES_BESIDE
    if more > 1:
        return f"{', '.join(names[:MOST_LANGUAGES_BESIDE])} and {more} more"
    return in_a_sentence(names) or "–"


def _space(one: Briefed) -> str:
    if not one.units:
        return "not known"
    units = f"{one.units} unit{'' if one.units == 1 else 's'}"
    return f"{units}, {one.bedspaces} bedspace{'' if one.bedspaces == 1 else 's'}" if one.bedspaces else units


def _spoken(code: str, services: int) -> str:
    return f"{language_name(code)} {services}"


def _counted(kind: ServiceKind, services: int) -> str:
    return f"{kind.label.lower()} {services}"


def _some(words: Sequence[str], lines: int) -> str:
    """As many of the words as fit into so many lines; the others are counted."""
    fit = words_that_fit(words, lines, _PAGE - 1500)
    if fit == len(words):
        return ", ".join(words)
    return f"{', '.join(words[:fit])} and {len(words) - fit} more"
