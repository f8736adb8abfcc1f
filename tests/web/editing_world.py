"""What the tests of the pages of keeping listings share."""

from sqlalchemy.orm import Session

from directory.accounts.models import User
from tests import factories
from tests.editing.world import World, actor_of
from tests.support.html import Page, text_of
from tests.support.pages import PageClient, Values


def user_of(session: Session, world: World, who: str) -> User:
    """The account of one of the world's people."""
    return session.get_one(User, getattr(world, who).user_id)


def propose_page(client: PageClient, address: str, values: Values, status: int = 200) -> Page:
    """Send the form of a listing."""
    return client.submit(address, values, form="listing", status=status)


def another_provider(session: Session) -> User:
    """Somebody of another organisation."""
    return factories.user(session, "provider")


def differences(page: Page) -> dict[str, dict[str, str]]:
    """Each field that differs: its label to what stands under `Was`, `Wanted` and so on."""
    found = {}
    for section in page.all("section", class_="app-versus"):
        label = text_of(next(one for one in section.iter() if one.tag in ("h2", "h3")))
        sides = page.all("div", section, class_="app-versus__side")
        found[label] = {text_of(page.one("dt", side)): text_of(page.one("dd", side)) for side in sides}
    return found


__all__ = ["World", "actor_of", "another_provider", "differences", "propose_page", "user_of"]
