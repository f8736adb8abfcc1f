"""What the start page's template may see."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person comes for: what it is called, where it is, and what happens there."""

    text: str
    href: str
    explanation: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """Where the button leads, and what else this person may do; nothing for those who are not signed in."""

    template: ClassVar[str] = "pages/start/page.html"

    is_signed_in: bool
    start_text: str
    start_url: str
    tasks: tuple[Task, ...]
