"""What the templates of a provider's inbox may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.web.pages.inbox.forms import DeclineForm
from directory.web.pages.referrals.contexts import Section


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A referral that waits for the service's answer, or for her arrival."""

    reference: str
    service_name: str
    state: str
    by: str
    left: str
    is_overdue: bool
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """What the organisation is asked, and whom it expects: the most urgent first."""

    template: ClassVar[str] = "pages/inbox/list.html"

    asked: tuple[InboxLine, ...]
    expected: tuple[InboxLine, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A referral while the service is asked or has said yes. `problem` says why what was just tried cannot be.

    `answers` is whether yes, no and later are open; `returns` whether later is; `arrives` whether she is expected.
    """

    template: ClassVar[str] = "pages/inbox/referral.html"

    reference: str
    service_name: str
    state: str
    status: str
    left: str
    is_high_risk: bool
    unit_name: str | None
    referrer: str
    referrer_email: str
    sections: tuple[Section, ...]
    problem: str
    answers: bool
    returns: bool
    arrives: bool


@dataclass(frozen=True, slots=True)
class OverPage:
    """A referral that is not the service's any more: why, and nothing of what was in it."""

    template: ClassVar[str] = "pages/inbox/over.html"

    reference: str
    headline: str
    sentence: str
    is_alarming: bool
    problem: str


@dataclass(frozen=True, slots=True)
class DeclinePage:
    """Who says no, and why, in words that can be counted."""

    template: ClassVar[str] = "pages/inbox/decline.html"

    form: DeclineForm
    reference: str


@dataclass(frozen=True, slots=True)
class MissingPage:
    """No such referral for this person: never was, or went on to another service."""

    template: ClassVar[str] = "pages/inbox/missing.html"
