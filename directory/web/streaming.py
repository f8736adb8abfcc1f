"""A page that is sent piece by piece while something long is done: its steps, then how it ended.

The work runs in a thread of its own, because it tells its progress while it is in the middle of it. Whoever closes the
page does not stop it: it ends as it would have, all of it or nothing.
"""

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from flask import Response, render_template, stream_with_context

from directory.common.progress import Progress
from directory.extensions import current_session
from directory.web.rendering import Page, render

Outcome = TypeVar("Outcome")
Step = tuple[str, int, int]

GAP = "the-steps-come-here"
"""Where the page that is sent at first is cut in two; no text of ours holds it."""


def streamed(
    page: Page, work: Callable[[Progress], Outcome], show_end: Callable[[Outcome | Exception], str]
) -> Response:
    """`page`, whose text holds `GAP` once, with the steps of `work` in its place as they happen, and then its end.

    `show_end` makes HTML of what `work` returned or raised, mostly with `end_of_steps`. `work` needs a session of its
    own: the request's is closed here, since it would stand in its way.
    """
    head, _, tail = render(page).get_data(as_text=True).partition(GAP)
    current_session().close()
    answer = Response(stream_with_context(pieces(head, tail, work, _show_step, show_end)), mimetype="text/html")
    # A proxy in between would collect it all before it sent anything.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def end_of_steps(text: str, href: str, link: str) -> str:
    """How it ended, and where to go from there."""
    return render_template("components/steps_end.html", text=text, href=href, link=link)


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

    thread = Thread(target=run, name="streamed")
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


def _show_step(number: int, step: Step) -> str:
    what, done, steps = step
    return render_template("components/step.html", number=number, what=what, done=done, steps=steps)
