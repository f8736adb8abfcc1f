"""Editions as files. None is a page; the page that stands where there is no PDF is tested without a browser."""

from tests.journeys.states import State

STATES: tuple[State, ...] = ()
# What answers with something else than a page.
NOT_PAGES = {
    *("downloads.feed", "downloads.content", "downloads.services", "downloads.organisations"),
    *("downloads.performance", "downloads.workbook", "downloads.oruk", "downloads.pdf"),
}
