"""Reading an uploaded file: CSV or Excel, told apart by what is in it, whatever it is called."""

from directory.editing.bulk.delimited import read_delimited
from directory.editing.bulk.grid import Known, make_sheet
from directory.editing.bulk.sheet import MAX_BYTES, Sheet, UnreadableSheetError
from directory.editing.bulk.workbooks import read_workbook

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": "This is a PDF. Choose the spreadsheet that it was made from.",
    b"{\\rtf": "This is a text document. Choose a .xlsx or a .csv file.",
    b"<!DOCTYPE": "This is a web page. Choose a .xlsx or a .csv file.",
    b"<html": "This is a web page. Choose a .xlsx or a .csv file.",
}


def read_sheet(content: bytes, known: Known) -> Sheet:
    """The sheet in a file. `known` says of a header whether the catalogue knows it: so the header's row is found.

    Raises UnreadableSheetError, with what to do instead, for a file that is empty, larger than MAX_BYTES, no CSV and
    no workbook, protected, damaged, or has too many rows or columns.
    """
    if not content.strip():
        raise UnreadableSheetError("The file is empty.")
    if len(content) > MAX_BYTES:
        raise UnreadableSheetError(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it.")
    if content.startswith(_OLD_EXCEL):
        raise UnreadableSheetError(
            "This is a workbook of an old Excel (.xls), or one with a password. Save it as .xlsx, without a password."
        )
    for beginning, message in _OTHERS.items():
        if content.lstrip()[:20].lower().startswith(beginning.lower()):
            raise UnreadableSheetError(message)
    grid = read_workbook(content) if content.startswith(_ZIP) else read_delimited(content, known)
    return make_sheet(grid, known)
