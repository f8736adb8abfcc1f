"""Text that goes into spreadsheets: a cell that a spreadsheet would run as a formula is written so that it is read.

See OWASP, "CSV injection": whoever opens the file must not run what somebody else typed into a listing.
"""

# The wide forms are what East Asian keyboards write; spreadsheets take them for the same.
_FORMULA = frozenset("=+-@＝＋－＠")
_CONTROL = frozenset("\t\r\n")


def harmless(text: str) -> str:
    """`text` as a spreadsheet's cell that stays text: with ' in front where it would begin a formula.

    Spaces in front do not hide a formula: programs that trim cells would bring it back.
    """
    begins_formula = text.lstrip()[:1] in _FORMULA or text[:1] in _CONTROL
    return f"'{text}" if begins_formula else text
