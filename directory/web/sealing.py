"""The seal of this instance's links to questions."""

from directory.search.sealing import Seal
from directory.web import current


def seal() -> Seal:
    """Closes questions into links and opens them, with this instance's secret."""
    settings = current.settings()
    return Seal.from_secret(settings.secret_key, settings.search_link)
