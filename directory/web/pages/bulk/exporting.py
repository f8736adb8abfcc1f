"""Taking the catalogue out as a file for a spreadsheet program."""

from flask import Response

from directory.accounts.permissions import Permission
from directory.common.clock import london_date
from directory.common.errors import NotFoundError
from directory.editing.bulk.exporting import SheetFormat, export_sheet
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.bulk.blueprint import blueprint
from directory.web.pages.editing.words import kind_of, kind_segment

_TYPES = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/bulk/export/<kind>/<form>")
@requires(Permission.CATALOGUE_BULK)
def export(kind: str, form: str) -> Response:
    """A file with every row of one kind. That it was taken is recorded."""
    wanted = kind_of(kind)
    if form not in set(SheetFormat):
        raise NotFoundError("There is no such file.")
    session = current_session()
    begin_writing(session)
    made = export_sheet(session, wanted, SheetFormat(form), current.actor(), current.now())
    session.commit()
    answer = Response(made.content, content_type=_TYPES[SheetFormat(form)])
    # Nothing that anybody typed stands in the name: only words of our own and the date.
    name = f"{kind_segment(wanted)}-{london_date(current.now()).isoformat()}.{SheetFormat(form).value}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
