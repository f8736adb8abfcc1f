"""What the template of the audit trail may see: references and codes, and no more than the trail holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.web.pages.audit.forms import FilterForm


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry in words; `about` is what each reference is, and the reference."""

    sequence: int
    at: datetime
    event: str
    actor: str
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first, and where the chain ends: `head_hash` is empty where the head is missing."""

    template: ClassVar[str] = "pages/audit/list.html"

    form: FilterForm
    entries: tuple[EntryLine, ...]
    is_filtered: bool
    newest_url: str | None
    older_url: str | None
    head_sequence: int
    head_hash: str
