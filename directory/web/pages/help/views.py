"""Help with words."""

from flask import Blueprint, Response

from directory.accounts.permissions import Permission
from directory.catalogue.queries import read_taxonomies
from directory.extensions import current_session
from directory.web.access import requires
from directory.web.pages.help.contexts import MaracPage, TermsPage, TermsSection
from directory.web.pages.help.marac import marac_texts
from directory.web.rendering import render

blueprint = Blueprint("help", __name__)


@blueprint.get("/help/terms")
@requires(Permission.CATALOGUE_VIEW)
def terms() -> Response:
    """What each term of the search means, and the words that people use for it."""
    taxonomies = read_taxonomies(current_session())
    return render(
        TermsPage(
            sections=(
                TermsSection("needs", "Needs", "What somebody needs help with.", taxonomies.needs),
                TermsSection(
                    "communities",
                    "Communities",
                    "Whom an organisation is led by and for, or knows well.",
                    taxonomies.communities,
                ),
                TermsSection("access", "Access", "What about a place lets somebody use it.", taxonomies.access),
            )
        )
    )


@blueprint.get("/help/marac")
@requires(Permission.CATALOGUE_VIEW)
def marac() -> Response:
    """The pathway for high risk, with the person's own area first."""
    return render(MaracPage(*marac_texts()))
