"""Every page meets WCAG 2.2 AA as far as a program can tell, on the narrowest phone and on a desktop.

320 pixels are also what a screen of 1280 leaves at 400% zoom (success criterion 1.4.10).
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from directory.config import Settings
from directory.factory import create_app
from tests.journeys.all_states import NOT_PAGES, STATES
from tests.journeys.axe import violations
from tests.journeys.conftest import Visit
from tests.journeys.site import Site, demonstration
from tests.journeys.states import State
from tests.journeys.visitor import Visitor
from tests.support.commands import SECRET
from tests.support.databases import Databases, committing

pytestmark = pytest.mark.browser

WIDTHS = (1280, 320)
# The first state of each page is looked at in full. In its other states axe looks at the phone alone, where everything
# that the desktop shows stands too; sideways scrolling is measured on both.
FIRST = {state.endpoint: state.name for state in reversed(STATES)}


@pytest.mark.parametrize("state", STATES, ids=[state.name for state in STATES])
def test_the_page_shuts_nobody_out(visit: Visit, state: State) -> None:
    visitor = visit(state.role)
    state.show(visitor)

    assert _barriers(visitor, WIDTHS if FIRST[state.endpoint] == state.name else WIDTHS[-1:]) == []


def test_nor_does_the_page_that_says_that_all_has_failed(visit: Visit, databases: Databases, tmp_path: Path) -> None:
    with databases.filled("sqlite") as url, demonstration(url, tmp_path) as broken:
        visitor = visit("officer", on=broken)
        with committing(url) as session:
            session.execute(text("DROP TABLE guidance"))
        visitor.open("/guidance", status=500)

        visitor.sees("Something went wrong")
        assert _barriers(visitor) == []
        assert [line["event"] for line in broken.log() if line["level"] == "error"] == ["failure"]
        visitor.logged = len(broken.log())
        visitor.errors.clear()


def test_no_page_is_left_out(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/none.sqlite3", secret_key=SECRET))
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.rule.startswith("/api/")
    }

    assert pages - NOT_PAGES - {state.endpoint for state in STATES} == set(), "add a State in tests/journeys/states.py"


def test_barriers_are_noticed(visit: Visit) -> None:
    somebody = visit()
    somebody.page.set_content("<title>Page</title><p style='color: #aaa; width: 900px'>Pale and wide</p>")

    found = _barriers(somebody)

    assert any("color-contrast" in barrier for barrier in found)
    assert any("sideways" in barrier for barrier in found)
    assert any("html-has-lang" in barrier for barrier in found)


def test_what_is_folded_away_is_looked_at(visit: Visit, site: Site) -> None:
    somebody = visit("officer")
    somebody.open("/search")
    _barriers(somebody)

    assert somebody.main.locator("details:not([open])").count() == 0
    assert somebody.page.get_by_role("link", name="Bed availability").is_visible()


def _barriers(visitor: Visitor, looked_at: tuple[int, ...] = WIDTHS) -> list[str]:
    found = []
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        found += _too_wide(visitor, width)
        _unfold(visitor)
        found += _too_wide(visitor, width)
        if width in looked_at:
            found += [f"{width} px: {violation}" for violation in violations(visitor.page)]
    return found


def _too_wide(visitor: Visitor, width: int) -> list[str]:
    over = visitor.overflow()
    return [f"{width} px: one has to scroll {over} pixels sideways"] if over else []


def _unfold(visitor: Visitor) -> None:
    visitor.page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    menu = visitor.page.get_by_role("button", name="Menu", expanded=False)
    if menu.is_visible():
        menu.click()
