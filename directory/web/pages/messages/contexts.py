"""What the template of the messages page may see."""

from dataclasses import dataclass
from typing import ClassVar

from directory.messaging.queries import DeadLetter


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """The latest messages that could not be sent, of `dead` in all. `failed` of those `waiting` have been tried."""

    template: ClassVar[str] = "pages/messages/list.html"

    letters: tuple[DeadLetter, ...]
    dead: int
    waiting: int
    failed: int
