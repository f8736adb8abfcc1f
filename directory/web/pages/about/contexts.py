"""What the templates about the directory itself may see."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AccessibilityPage:
    """Nothing: the text is the same for everybody."""

    template: ClassVar[str] = "pages/about/accessibility.html"


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """The facts about the one cookie, from the code that sets it."""

    template: ClassVar[str] = "pages/about/privacy.html"

    cookie_name: str
    idle_minutes: int
    absolute_hours: int
    search_link_minutes: int
