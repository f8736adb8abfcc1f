"""What the templates of guidance may see."""

from dataclasses import dataclass
from typing import ClassVar

from directory.catalogue.guidance import GuidanceText
from directory.web.pages.guidance.forms import GuidanceForm


@dataclass(frozen=True, slots=True)
class GuidanceListPage:
    """Every text, to read."""

    template: ClassVar[str] = "pages/guidance/list.html"

    texts: tuple[GuidanceText, ...]


@dataclass(frozen=True, slots=True)
class ManageGuidancePage:
    """Every text, to choose one to edit."""

    template: ClassVar[str] = "pages/guidance/manage.html"

    texts: tuple[GuidanceText, ...]


@dataclass(frozen=True, slots=True)
class EditGuidancePage:
    """The form; `preview` and `theirs` are Markdown: what was typed, and what somebody else saved meanwhile."""

    template: ClassVar[str] = "pages/guidance/edit.html"

    form: GuidanceForm
    title: str
    preview: str | None
    theirs: GuidanceText | None
