"""Cells that a spreadsheet would take for a formula: made harmless in what we export, and read back as they were.

A leading apostrophe is what spreadsheets themselves use (OWASP, "CSV injection"). It is written before whatever could
be run, and before texts that begin with such an apostrophe already: so taking one off again is exact.
"""

import re

# Full-width signs count in some languages' spreadsheets; words such as #REF! would come back as errors.
# Spaces in front do not hide a formula: programs that trim cells would bring it back.
_RUNS = re.compile(r"'*\s*(?:[=+\-@\t\r\n＝＋－＠]|#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)$)")
ERROR_WORDS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


def harmless(text: str) -> str:
    """`text` with an apostrophe before it, where a spreadsheet might run it."""
    return f"'{text}" if _RUNS.match(text) else text


def as_it_was(text: str) -> str:
    """`text` without the apostrophe that `harmless` puts before it."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
