"""Which figures an address asks for: all of it says something of services alone, so it may stand in the open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from directory.accounts.permissions import Permission
from directory.catalogue.vocabulary import ServiceKind
from directory.extensions import current_session
from directory.places.lookup import all_boroughs
from directory.publishing.performance.facts import Measure, ServiceFigures, Source
from directory.publishing.performance.measures import measures
from directory.publishing.performance.reading import shown_quarters
from directory.web import current
from directory.web.pages.performance.contexts import Links
from directory.web.pages.performance.forms import FilterForm
from directory.web.pages.performance.words import SOURCES, quarter_words

FIRST_MEASURE = "median_response_minutes"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen. `source` is None for both of them. `boroughs` are the names of all boroughs by code."""

    quarter: str
    measure: Measure
    kind: ServiceKind | None
    borough: str
    source: Source | None
    boroughs: Mapping[str, str]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources whose figures are asked for."""
        return tuple(Source) if self.source is None else (self.source,)

    @property
    def words(self) -> str:
        """All of it in one line."""
        return " · ".join(
            (
                quarter_words(self.quarter),
                self.measure.name,
                self.kind.label if self.kind else "every kind of service",
                self.boroughs[self.borough] if self.borough else "every borough",
                SOURCES[self.source].lower() if self.source else "both sources",
            )
        )

    def takes(self, service: ServiceFigures) -> bool:
        """Whether the service is among those asked for."""
        return self.kind in (None, service.kind) and self.borough in ("", service.borough_code)

    def as_query(self) -> dict[str, Any]:
        """The choice as an address has it: texts by name."""
        asked = {
            "quarter": self.quarter,
            "measure": self.measure.code,
            "kind": self.kind.value if self.kind else "",
            "borough": self.borough,
            "source": self.source.value if self.source else "",
        }
        return {name: value for name, value in asked.items() if value}


def read_choice() -> tuple[FilterForm, Choice | None]:
    """The form as the address fills it in, and the choice; None where it has errors or no quarter may be shown."""
    session = current_session()
    quarters, known = shown_quarters(session, current.now()), measures()
    boroughs = list(all_boroughs(session))
    form = FilterForm(request.args)
    form.offer(quarters, known, boroughs)
    valid = form.validate()
    by_code = {one.code: one for one in known}
    form.measure.data = form.measure.data or (FIRST_MEASURE if FIRST_MEASURE in by_code else known[0].code)
    if not valid or not quarters:
        return form, None
    form.quarter.data = form.quarter.data or quarters[0]
    return form, Choice(
        quarter=form.quarter.data,
        measure=by_code[form.measure.data],
        kind=ServiceKind(form.kind.data) if form.kind.data else None,
        borough=form.borough.data or "",
        source=Source(form.source.data) if form.source.data else None,
        boroughs={borough.code: borough.name for borough in boroughs},
    )


def links(choice: Choice | None = None) -> Links:
    """The other pages with the same choice."""
    asked = choice.as_query() if choice else {}
    person = current.person()
    may_import = person is not None and person.may(Permission.PERFORMANCE_IMPORT)
    return Links(
        services=url_for("performance.quarter", **asked),
        kinds=url_for("performance.kinds", **asked),
        boroughs=url_for("performance.boroughs", **asked),
        measures=url_for("performance.measures_page"),
        download=url_for("performance.download", **asked),
        import_url=url_for("performance.import_form") if may_import else "",
    )


def page_number() -> int:
    """What is no number of a page is the first."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
