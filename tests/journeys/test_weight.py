"""What a page costs somebody with a weak signal."""

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.states import EVERYTHING, HOUSEHOLD, MANY, NOTHING, Question

pytestmark = pytest.mark.browser

MOST_BYTES = 60 * 1024
SETTLED_MS = 500
FUNDED: Question = {"adults": 1, "nrpf": True, "language": ["ar", "so", "ur", "bn"], "community": ["south-asian"]}


@pytest.mark.parametrize("question", [MANY, HOUSEHOLD, FUNDED, EVERYTHING, NOTHING, {}])
def test_results_are_light(visit: Visit, site: Site, question: Question) -> None:
    response = visit("officer", phone=True).open(f"/search/{site.link(question)}")

    assert len(response.body()) < MOST_BYTES


def test_after_the_first_visit_a_page_is_one_request(visit: Visit, site: Site) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    # The icon is fetched when everything else has been.
    officer.page.wait_for_timeout(SETTLED_MS)
    before = len(site.log())

    officer.open(f"/search/{site.link(MANY)}")
    officer.page.wait_for_timeout(SETTLED_MS)

    assert [line["route"] for line in site.log()[before:]] == ["/search/<link>"]
