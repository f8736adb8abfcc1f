"""The guards of this folder's tests bite."""

import pytest

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser


def test_a_request_to_somebody_else_is_noticed_and_goes_nowhere(visit: Visit) -> None:
    somebody = visit()
    somebody.page.set_content('<img src="http://elsewhere.example/pixel.png" alt="">')

    assert somebody.foreign == ["http://elsewhere.example/pixel.png"]
    assert somebody.page.evaluate("document.querySelector('img').naturalWidth") == 0
    somebody.foreign.clear()
    somebody.errors.clear()


def test_what_the_browser_complains_of_is_noticed(visit: Visit) -> None:
    somebody = visit()
    somebody.open("/")
    somebody.page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'data:,'}))")
    somebody.page.evaluate("setTimeout(() => nothing_of_that_name())")
    somebody.page.wait_for_timeout(50)

    assert any("Content Security Policy" in error for error in somebody.errors)
    assert any("nothing_of_that_name" in error for error in somebody.errors)
    somebody.errors.clear()
