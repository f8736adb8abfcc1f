"""What was worked out of an edition once, kept for as long as the process lives.

A published edition never changes, nor does the one before it; its seal stands for both, since it is one over its
content and over the seal before. A draft's key must be made of all that it depends on.
"""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def remembered(kept: dict[str, T], key: str, most: int, make: Callable[[], T]) -> T:
    """What `kept` has under `key`, made now if it has nothing; at most `most` things are kept, the newest ones.

    Two threads that ask at once both make it, and both get the same.
    """
    found = kept.get(key)
    if found is None:
        found = make()
        for oldest in list(kept)[: max(0, len(kept) + 1 - most)]:
            kept.pop(oldest, None)
        kept[key] = found
    return found
