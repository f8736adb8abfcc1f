"""Where commissioners begin: what waits for them, and every listing, drafts and withdrawn ones too."""

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from directory.accounts.permissions import Permission
from directory.common.paging import Paging
from directory.editing.overview import find_listings, what_waits
from directory.extensions import current_session
from directory.upkeep.freshness import overdue_services
from directory.web.access import requires
from directory.web.pages.manage.contexts import Card, ListingsPage, ManagePage
from directory.web.pages.manage.forms import ListingsForm
from directory.web.pages.manage.presenting import listing_row
from directory.web.rendering import render

blueprint = Blueprint("manage", __name__, url_prefix="/manage")

# What is kept on other pages: endpoint, title, one sentence.
_OTHERS = (
    ("bulk.home", "Spreadsheets", "Upload many listings or units at once, or take them out as CSV or Excel."),
    ("bulk.changes", "Last changes", "What was changed, and taking a change back."),
    ("editions.prepare", "Next edition", "Draft it, read its checks, have it signed off, publish it."),
    ("performance.import_form", "Performance figures", "Upload what services report of a quarter."),
    ("disclosures.register", "Disclosure requests", "Who asked what the directory knows, and what they were told."),
    ("contracts.listing", "Contracts", "What the programmes pay for, against what is there."),
    ("guidance.manage", "Guidance", "The texts beside the search and the services."),
    ("referrals.unanswered", "Unanswered referrals", "Services that let referrals’ deadlines pass."),
)


@blueprint.get("")
@requires(Permission.LISTINGS_REVIEW)
def home() -> Response:
    """What waits, counted, and the ways to everything else."""
    waits = what_waits(current_session())
    waiting = [
        Card(
            "Proposals", url_for("review.queue"), "Changes that somebody proposed, the oldest first.", waits.proposals
        ),
        Card(
            "Overdue services",
            url_for("freshness.report"),
            "They were reminded, and have not confirmed what they say.",
            overdue_services(current_session()),
        ),
        Card(
            "Listings in review",
            url_for("manage.listings", status="in_review"),
            "Check them, then publish them.",
            waits.in_review,
        ),
        Card("Drafts", url_for("manage.listings", status="draft"), "Nobody else sees them.", waits.drafts),
    ]
    others = [
        Card("All listings", url_for("manage.listings"), "Find, edit, publish, suspend or withdraw any of them."),
        *(
            Card(title, url_for(endpoint), text)
            for endpoint, title, text in _OTHERS
            if endpoint in current_app.view_functions
        ),
    ]
    return render(ManagePage(tuple(waiting), tuple(others)))


@blueprint.get("/listings")
@requires(Permission.LISTINGS_REVIEW)
def listings() -> Response:
    """Organisations, each with its services, as far as they fit."""
    form = ListingsForm(request.args)
    form.validate()
    paging = Paging(_page_number())
    rows, total = find_listings(current_session(), form.wanted(), paging)
    asked = {name: value for name, value in form.data.items() if value}
    pages = paging.pages(total)
    return render(
        ListingsPage(
            form=form,
            rows=tuple(listing_row(line) for line in rows),
            total=total,
            is_filtered=bool(asked),
            page=paging.page,
            pages=pages,
            previous=_address(asked, min(paging.page - 1, pages)) if paging.page > 1 else None,
            next=_address(asked, paging.page + 1) if paging.page < pages else None,
        )
    )


def _page_number() -> int:
    page = request.args.get("page", "1")
    return max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1


def _address(asked: dict[str, Any], page: int) -> str:
    return url_for("manage.listings", **asked, page=page)
