"""A page that is sent piece by piece while something long is done: its steps, then how it ended.

The work runs in a thread of its own, because it tells its progress while it is in the middle of it. Whoever closes the
page does not stop it: it ends as it would have, all of it or nothing.
"""

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from directory.common.progress import Progress

Outcome = TypeVar("Outcome")
Step = tuple[str, int, int]


def pieces(
    head: str,
    tail: str,
    work: Callable[[Progress], Outcome],
    show_step: Callable[[int, Step], str],
    show_end: Callable[[Outcome | Exception], str],
) -> Iterator[str]:
    """The page's text: `head`, a piece for each step of `work`, one for what it returned or raised, and `tail`."""
    queue: SimpleQueue[Step | None] = SimpleQueue()
    ended: list[Outcome | Exception] = []

    def run() -> None:
        try:
            ended.append(work(lambda what, step, steps: queue.put((what, step, steps))))
        except Exception as error:  # told to whoever waits for the page, and logged there
            ended.append(error)
        finally:
            queue.put(None)

    thread = Thread(target=run, name="bulk")
    thread.start()
    try:
        yield head
        number = 0
        while (step := queue.get()) is not None:
            number += 1
            yield show_step(number, step)
    finally:
        thread.join()
    yield show_end(ended[0])
    yield tail
