"""An edition as files: its content, sheets, a PDF, Open Referral UK, and a feed that tells of new ones."""

import hashlib
import json
from datetime import datetime
from threading import Lock

from flask import Blueprint, Response, render_template, request, url_for

from directory.accounts.permissions import Permission
from directory.extensions import begin_writing, current_session
from directory.publishing.editions.canonical import content_lines
from directory.publishing.editions.difference import difference
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.reading import published_editions, read_edition
from directory.publishing.formats.atom import MIMETYPE, edition_feed, last_published
from directory.publishing.formats.holding import (
    held_organisations,
    held_performance,
    held_services,
    read_held,
)
from directory.publishing.formats.oruk import oruk_edition
from directory.publishing.formats.sheets import as_csv, as_xlsx, organisations_table, performance_table, services_table
from directory.publishing.formats.terms import read_terms
from directory.publishing.formats.workbook import LARGEST_WHOLE, edition_tables
from directory.publishing.performance.measures import measures
from directory.web import current
from directory.web.access import public, requires
from directory.web.pages.downloads.contexts import EditionPrint, NoPdfPage
from directory.web.pages.downloads.keeping import PDF, keep_pdf, read_pdf
from directory.web.pages.downloads.printing import printed_edition
from directory.web.pdf import make_pdf, pdf_is_possible
from directory.web.rendering import SERVICE_NAME, render

blueprint = Blueprint("downloads", __name__, url_prefix="/editions")

_making = Lock()
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JSON = "application/json"
_TOO_LARGE = (
    "It is too long for a printed whole: more than {most} services.",
    "Print a briefing, or take the sheets.",
)
_NOT_HERE = (
    "This installation cannot make PDF files: WeasyPrint or Pango is missing. Its administrator can add them.",
    "Everything that a PDF would hold is there in other forms.",
)


@blueprint.get("/feed")
@public
def feed() -> Response:
    """That there are editions: numbers, dates, counts and hashes, and nothing of a listing. For feed readers."""
    editions = published_editions(current_session())
    answer = Response(edition_feed(editions, _base(), SERVICE_NAME), content_type=f"{MIMETYPE}; charset=utf-8")
    # Nobody's page: whoever keeps it has only to ask whether it is still the newest.
    answer.headers["Cache-Control"] = "no-cache"
    return _dated(answer, last_published(editions))


@blueprint.get("/<int:number>/content")
@requires(Permission.CATALOGUE_VIEW)
def content(number: int) -> Response:
    """The canonical content: the bytes that the edition's hash is made of."""
    edition = read_edition(current_session(), number)
    lines = b"".join(content_lines(current_session(), edition.id))
    return _file(edition, lines, "application/x-ndjson; charset=utf-8", "content.ndjson")


@blueprint.get("/<int:number>/services.csv")
@requires(Permission.CATALOGUE_VIEW)
def services(number: int) -> Response:
    """Its services as a sheet."""
    session = current_session()
    edition = read_edition(session, number)
    table = services_table(held_services(session, edition.id), read_terms(session))
    return _file(edition, as_csv(table), _CSV, "services.csv")


@blueprint.get("/<int:number>/organisations.csv")
@requires(Permission.CATALOGUE_VIEW)
def organisations(number: int) -> Response:
    """Its organisations as a sheet."""
    session = current_session()
    edition = read_edition(session, number)
    table = organisations_table(held_organisations(session, edition.id), read_terms(session))
    return _file(edition, as_csv(table), _CSV, "organisations.csv")


@blueprint.get("/<int:number>/performance.csv")
@requires(Permission.CATALOGUE_VIEW)
def performance(number: int) -> Response:
    """Its figures as a sheet: only what everybody may read."""
    session = current_session()
    edition = read_edition(session, number)
    named = {body["id"]: body for body in held_services(session, edition.id)}
    table = performance_table(held_performance(session, edition.id), named, measures())
    return _file(edition, as_csv(table), _CSV, "performance.csv")


@blueprint.get("/<int:number>/edition.xlsx")
@requires(Permission.CATALOGUE_VIEW)
def workbook(number: int) -> Response:
    """All of it as a workbook."""
    session = current_session()
    edition = read_edition(session, number)
    tables = edition_tables(edition, read_held(session, edition.id), read_terms(session), measures())
    return _file(edition, as_xlsx(tables), _XLSX, "edition.xlsx")


@blueprint.get("/<int:number>/oruk.json")
@requires(Permission.CATALOGUE_VIEW)
def oruk(number: int) -> Response:
    """Its services as Open Referral UK 3.0 has them, on a single page."""
    session = current_session()
    edition = read_edition(session, number)
    listed = held_services(session, edition.id), held_organisations(session, edition.id)
    body = oruk_edition(*listed, read_terms(session), _base())
    return _file(edition, json.dumps(body, ensure_ascii=False).encode(), _JSON, "oruk.json")


@blueprint.get("/<int:number>/edition.pdf")
@requires(Permission.CATALOGUE_VIEW)
def pdf(number: int) -> Response:
    """The whole edition to print. It is made when it is first asked for, and kept."""
    session = current_session()
    edition = read_edition(session, number)
    kept = read_pdf(session, edition, current.settings().secret_key)
    if kept is not None:
        return _file(edition, kept, "application/pdf", PDF)
    if edition.services > LARGEST_WHOLE:
        return _no_pdf(edition, tuple(line.format(most=f"{LARGEST_WHOLE:,}") for line in _TOO_LARGE), 404)
    if not pdf_is_possible():
        return _no_pdf(edition, _NOT_HERE, 409)
    # Whoever asks while it is being made waits for that one, which takes a second for ten services.
    with _making:
        session.rollback()
        made = read_pdf(session, edition, current.settings().secret_key) or _make(edition)
        return _file(edition, made, "application/pdf", PDF)


def print_html(page: EditionPrint) -> str:
    """The page that is printed, which no browser is sent."""
    return render_template(page.template, **{name: getattr(page, name) for name in page.__dataclass_fields__})


def _make(edition: EditionFacts) -> bytes:
    """The PDF, from now on kept."""
    session = current_session()
    page = _printed(edition)
    # Nobody has to wait while it is made: nothing is being read or written then.
    session.rollback()
    made = make_pdf(print_html(page), title=page.title)
    begin_writing(session)
    keep_pdf(session, edition, made, current.settings().secret_key, current.now())
    session.commit()
    return made


def _printed(edition: EditionFacts) -> EditionPrint:
    session = current_session()
    held, terms = read_held(session, edition.id), read_terms(session)
    address = f"{_base()}/editions/{edition.number}"
    return printed_edition(edition, held, difference(session, edition.id), terms, measures(), address, SERVICE_NAME)


def _no_pdf(edition: EditionFacts, sentences: tuple[str, ...], status: int) -> Response:
    address = url_for("downloads.content", number=edition.number).removesuffix("/content")
    page = NoPdfPage(edition=edition, sentences=sentences, edition_url=address, briefing_url=f"{address}/briefing")
    return render(page, status)


def _file(edition: EditionFacts, held: bytes, content_type: str, name: str) -> Response:
    answer = Response(held, content_type=content_type)
    # Words of our own and the edition's number and date: nothing that anybody typed.
    file_name = f"edition-{edition.number}-{edition.as_of.isoformat()}-{name}"
    if name in {PDF, "edition.xlsx"}:
        file_name = f"edition-{edition.number}-{edition.as_of.isoformat()}.{name.rpartition('.')[2]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return _dated(answer, edition.published_at)


def _dated(answer: Response, changed: datetime | None) -> Response:
    """The answer with what lets a reader ask whether it has it already; without a body where it has."""
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    answer.last_modified = changed
    answer.make_conditional(request)
    return answer


def _base() -> str:
    return current.settings().public_url.rstrip("/")
