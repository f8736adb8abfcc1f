"""Telling whoever waits how far something long has come."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there will be."""


def no_progress(_what: str, _done: int, _total: int) -> None:
    """The progress nobody watches."""
