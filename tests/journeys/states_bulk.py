"""The pages of bulk work, in every state that people meet them in."""

import re
from collections.abc import Callable, Sequence
from itertools import count

from tests.journeys.states import State
from tests.journeys.visitor import Visitor

Table = Sequence[Sequence[str]]
_numbers = count(1)
HEADER = ("ID", "Org name", "Phone no.", "By & for")
# Nothing of these is applied: the site is shared, and what it says others read.
MIXED: Table = (
    ("List of organisations, spring 2026",),
    HEADER,
    ("marigold-women", "Marigold Women's Trust", "020 7946 0999", "Yes"),
    ("saffron-steps", "Saffron Steps", "ask at the desk", "Yes"),
    ("neem-tree", "Neem Tree Collective", "020 7946 0430", "yes"),
    ("", "Neem Tree", "020 7946 0430", "Yes"),
)
UNCHANGED: Table = (("id", "name"), ("marigold-women", "Marigold Women's Trust"))
MANY: Table = (HEADER, *((f"new-{number}", f"New organisation {number}", "", "no") for number in range(120)))


def file_of(rows: Table) -> dict[str, object]:
    """A CSV file as a browser's file chooser is given it."""
    text = "\n".join(";".join(row) for row in rows)
    return {"name": f"organisations-{next(_numbers)}.csv", "mimeType": "text/csv", "buffer": text.encode()}


def upload(visitor: Visitor, rows: Table) -> None:
    """Choose a file of organisations, and send it."""
    visitor.open("/manage/bulk")
    visitor.page.get_by_label("Organisations", exact=True).check()
    visitor.page.get_by_label("File", exact=True).set_input_files([file_of(rows)])
    visitor.main.get_by_role("button", name="Upload").click()


def check(visitor: Visitor, rows: Table) -> None:
    """Upload a file, and take the columns as they are suggested."""
    upload(visitor, rows)
    visitor.sees("What are the columns?")
    visitor.main.get_by_role("button", name="Check the rows").click()
    visitor.sees("What the file would change")


def apply(visitor: Visitor) -> None:
    """Apply what is chosen, and wait for the end."""
    visitor.main.get_by_role("button", name="Apply the chosen rows").click()
    visitor.main.get_by_role("link", name=re.compile("See what was changed|Back to the rows")).wait_for()


def _nothing_chosen(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Upload").click()
    visitor.mistakes.wait_for()


def _columns(visitor: Visitor) -> None:
    upload(visitor, MIXED)
    visitor.sees("What are the columns?")


def _no_column(visitor: Visitor) -> None:
    _columns(visitor)
    visitor.page.get_by_label("Column A: ID").select_option("phone")
    visitor.page.get_by_label("Column B: Org name").select_option("phone")
    visitor.main.get_by_role("button", name="Check the rows").click()
    visitor.mistakes.wait_for()


def _checked(rows: Table) -> Callable[[Visitor], None]:
    return lambda visitor: check(visitor, rows)


def _none_of_these(visitor: Visitor) -> None:
    check(visitor, MANY)
    visitor.main.get_by_role("button", name="Errors (0)").click()
    visitor.main.get_by_text("There are none of these.").wait_for()


def _nothing_to_apply(visitor: Visitor) -> None:
    check(visitor, MIXED)
    visitor.main.get_by_role("button", name="Choose none").click()
    visitor.main.get_by_text("0 of 2 rows chosen").wait_for()
    apply(visitor)


def _applied(visitor: Visitor) -> None:
    """Applied and taken back at once: what others look at is as it was. The page told of the upload stays."""
    name = f"Applied and taken back {next(_numbers)}"
    check(visitor, (("name", "by and for"), (name, "no")))
    address = visitor.page.url
    apply(visitor)
    visitor.main.get_by_role("link", name="See what was changed").click()
    visitor.main.get_by_role("button", name="Undo this upload").click()
    visitor.sees("Last changes")
    visitor.open(f"{address}/result")


def _newest_change(visitor: Visitor) -> None:
    _applied(visitor)
    visitor.open("/manage/changes")
    visitor.main.locator(".app-changes a").first.click()
    visitor.sees("Taken back")


_COMMISSIONER = "commissioner"
STATES = (
    State("bulk", "bulk.home", _COMMISSIONER, "/manage/bulk"),
    State("bulk-mistakes", "bulk.home", _COMMISSIONER, "/manage/bulk", act=_nothing_chosen),
    State("bulk-columns", "bulk.columns", _COMMISSIONER, "/manage/bulk", act=_columns),
    State("bulk-columns-mistakes", "bulk.columns", _COMMISSIONER, "/manage/bulk", act=_no_column),
    State("bulk-check", "bulk.check", _COMMISSIONER, "/manage/bulk", act=_checked(MIXED)),
    State("bulk-check-many", "bulk.check", _COMMISSIONER, "/manage/bulk", act=_checked(MANY)),
    State("bulk-check-none", "bulk.check", _COMMISSIONER, "/manage/bulk", act=_none_of_these),
    State("bulk-check-unchanged", "bulk.check", _COMMISSIONER, "/manage/bulk", act=_checked(UNCHANGED)),
    State("bulk-apply-refused", "bulk.check", _COMMISSIONER, "/manage/bulk", act=_nothing_to_apply),
    State("bulk-result", "bulk.result", _COMMISSIONER, "/manage/bulk", act=_applied),
    State("changes", "bulk.changes", _COMMISSIONER, "/manage/changes"),
    State("changes-past-the-end", "bulk.changes", _COMMISSIONER, "/manage/changes?page=99"),
    State("change", "bulk.change", _COMMISSIONER, "/manage/changes", act=_newest_change),
)
