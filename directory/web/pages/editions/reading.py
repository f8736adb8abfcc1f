"""Published editions, for everybody who may read the catalogue: all of them, one, and what changed in it."""

from flask import Response, request

from directory.accounts.permissions import Permission
from directory.common.paging import Paging
from directory.extensions import begin_writing, current_session
from directory.places.lookup import all_boroughs
from directory.publishing.cascade.receipts import ReceiptFacts, mark_seen, receipt_of
from directory.publishing.editions.difference import difference
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.reading import edition_in_preparation, published_editions, read_edition
from directory.publishing.editions.schedule import next_due
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.contexts import ChangesPage, EditionPage, EditionsPage
from directory.web.pages.editions.differing import change_groups, in_order, lines_of
from directory.web.pages.editions.forms import ListingsForm
from directory.web.pages.editions.listing import chosen, groups, listed
from directory.web.pages.editions.presenting import (
    downloads_of,
    edition_line,
    others_of,
    paged,
    proof_of,
    receipt_in_words,
    slice_of,
)
from directory.web.pages.editions.stages import stage_in_a_line
from directory.web.pages.editions.words import address, number_in, published_number
from directory.web.pdf import pdf_is_possible
from directory.web.rendering import render

PER_PAGE = 50
_EARLIER_PER_PAGE = 12
NUMBER = "<int:number>"


@blueprint.get("")
@requires(Permission.CATALOGUE_VIEW)
def listing() -> Response:
    """Every published edition, newest first."""
    session = current_session()
    found = published_editions(session)
    latest, earlier = (found[0], found[1:]) if found else (None, [])
    paging = Paging(number_in(request.args.get("page", "")), _EARLIER_PER_PAGE)
    due = next_due(session, current.now())
    may_prepare = _may(Permission.EDITIONS_PREPARE)
    draft = edition_in_preparation(session) if may_prepare else None
    return render(
        EditionsPage(
            latest=edition_line(session, latest, found) if latest else None,
            downloads=downloads_of(published_number(latest), with_pdf=pdf_is_possible()) if latest else (),
            earlier=tuple(edition_line(session, one, found) for one in paging.slice(earlier)),
            paged=paged(paging, len(earlier), "editions.listing"),
            next_due=due,
            overdue=due < current.moment().today,
            feed=address("downloads.feed"),
            may_prepare=may_prepare,
            preparing=stage_in_a_line(draft, current.user_id()) if draft else "",
        )
    )


@blueprint.get(f"/{NUMBER}")
@requires(Permission.CATALOGUE_VIEW)
def edition(number: int) -> Response:
    """One edition. Whoever was sent it has seen it by opening this."""
    session = current_session()
    found = read_edition(session, number)
    receipt = _seen(found)
    every = published_editions(session)
    latest = published_number(every[0])
    boroughs = {borough.code: borough.name for borough in all_boroughs(session)}
    form = ListingsForm(request.args)
    form.borough.choices += [(code, name) for code, name in sorted(boroughs.items(), key=lambda item: item[1])]
    kind, borough = form.kind.data or "", form.borough.data or ""
    fitting = chosen(listed(session, found, boroughs), kind, borough)
    paging = Paging(number_in(request.args.get("page", "")), PER_PAGE)
    may_prepare = _may(Permission.EDITIONS_PREPARE)
    return render(
        EditionPage(
            edition=edition_line(session, found, every),
            latest=latest,
            prepared_by=found.prepared_by,
            signed_by=found.signed_by,
            warnings=found.warnings,
            change_lines=lines_of(session, found),
            downloads=downloads_of(number, with_pdf=pdf_is_possible()),
            others=others_of(number, is_latest=number == latest, with_receipts=_may(Permission.CASCADE_VIEW)),
            receipt=receipt_in_words(receipt, number),
            proof=proof_of(found),
            form=form,
            is_filtered=bool(kind or borough),
            total=len(fitting),
            groups=tuple(groups(fitting, slice_of(paging))),
            paged=paged(paging, len(fitting), "editions.edition", number=number, kind=kind, borough=borough),
            correct=address("editions.correct", number=number) if may_prepare else "",
        )
    )


@blueprint.get(f"/{NUMBER}/changes")
@requires(Permission.CATALOGUE_VIEW)
def changes(number: int) -> Response:
    """How an edition differs from the one before it."""
    found = read_edition(current_session(), number)
    return render(changes_page(found, "editions.changes", number=number))


def changes_page(found: EditionFacts, endpoint: str, **values: int) -> ChangesPage:
    """A page of what is different, for a published edition or the one being prepared."""
    what = difference(current_session(), found.id)
    every = in_order(what)
    paging = Paging(number_in(request.args.get("page", "")), PER_PAGE)
    return ChangesPage(
        number=found.number,
        from_number=what.from_number,
        total=len(every),
        groups=tuple(change_groups(every, slice_of(paging), found.number)),
        paged=paged(paging, len(every), endpoint, **values),
    )


def _seen(found: EditionFacts) -> ReceiptFacts | None:
    """The reader's receipt, which from now on says that they have seen the edition."""
    session, reader = current_session(), current.user_id()
    receipt = receipt_of(session, found.id, reader)
    if receipt and receipt.seen_at is None:
        begin_writing(session)
        mark_seen(session, found.id, reader, current.now())
        session.commit()
    return receipt


def _may(permission: Permission) -> bool:
    person = current.person()
    return person is not None and person.may(permission)
