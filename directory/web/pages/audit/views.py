"""The audit trail, for auditors to read."""

from flask import Blueprint, Response, request, url_for

from directory.accounts.permissions import Permission
from directory.audit.events import Event
from directory.audit.queries import EntryFact, EntryPage, read_entries
from directory.audit.verify import read_head
from directory.extensions import current_session
from directory.web.access import requires
from directory.web.pages.audit.contexts import AuditPage, EntryLine
from directory.web.pages.audit.forms import FilterForm
from directory.web.pages.audit.words import detail_words, event_words, value_words
from directory.web.rendering import render

PER_PAGE = 50

blueprint = Blueprint("audit", __name__)


@blueprint.get("/audit")
@requires(Permission.AUDIT_VIEW)
def listing() -> Response:
    """Entries, newest first, of one event or about one reference where the address says so."""
    session = current_session()
    form = FilterForm(request.args)
    page = EntryPage((), None)
    older_than = _older_than()
    if form.validate():
        event = Event(form.event.data) if form.event.data else None
        reference = form.reference.data or ""
        page = read_entries(session, event=event, reference=reference, older_than=older_than, limit=PER_PAGE)
    asked = {name: value for name, value in form.data.items() if value}
    head = read_head(session)
    return render(
        AuditPage(
            form=form,
            entries=tuple(_line(entry) for entry in page.entries),
            is_filtered=bool(asked),
            newest_url=url_for("audit.listing", **asked) if older_than else None,
            older_url=url_for("audit.listing", **asked, before=page.older_than) if page.older_than else None,
            head_sequence=head.sequence if head else 0,
            head_hash=head.hash if head else "",
        )
    )


def _older_than() -> int | None:
    """Where the page begins: what is no number of an entry begins at the newest."""
    text = request.args.get("before", "")
    return (int(text) or None) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _line(entry: EntryFact) -> EntryLine:
    about = tuple((detail_words(key), value_words(value)) for key, value in entry.details)
    return EntryLine(entry.sequence, entry.at, event_words(entry.event), entry.actor, about)
