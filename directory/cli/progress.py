"""How long work shows on a terminal how far it has come."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Bars

from directory.common.progress import Progress, no_progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar that names what is being done, on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    with Bars(console=console, transient=True) as bars:
        task = bars.add_task("")

        def report(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total)

        yield report
