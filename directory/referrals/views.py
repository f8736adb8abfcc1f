"""What may be seen of a referral, as plain facts for each who looks. `privacy.py` alone fills them in."""

from dataclasses import dataclass
from datetime import datetime

from directory.referrals.safe_contact import SafeContact
from directory.referrals.turns import Standing
from directory.referrals.victims_code import CodeClock
from directory.referrals.vocabulary import (
    ChildBand,
    ConsentHow,
    DeclinedBy,
    DeclineReason,
    Party,
    ReferralState,
    Risk,
    StepState,
)


@dataclass(frozen=True, slots=True)
class ServiceName:
    """A service that is, or would be, asked, and how to phone it."""

    id: str
    name: str
    organisation_name: str
    phone: str
    professional_phone: str
    is_refuge: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the plan, as the referrer sees it: the service, never the unit."""

    position: int
    service: ServiceName
    state: StepState
    sent_at: datetime | None
    deadline: datetime | None
    answered_at: datetime | None
    declined_by: DeclinedBy | None
    decline_reason: DeclineReason | None


@dataclass(frozen=True, slots=True)
class MoveView:
    """A line of the timeline."""

    at: datetime
    state: ReferralState
    moved_by: Party
    service_name: str


@dataclass(frozen=True, slots=True)
class ContentView:
    """What was written. Needs and access features are names; language is a name, empty for English."""

    needs: tuple[str, ...]
    adults: int
    children: tuple[ChildBand, ...]
    language: str
    access_features: tuple[str, ...]
    risk: Risk
    consent_how: ConsentHow
    consent_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class ReferrerView:
    """A referral as who made it sees it. `contact` is there until it is sent; then the service alone has it."""

    reference: str
    standing: Standing
    content: ContentView
    consent_covers_plan: bool
    moves_on: bool
    code_clock: CodeClock
    created_at: datetime
    sent_at: datetime | None
    steps: tuple[StepView, ...]
    next_step: StepView | None
    moves: tuple[MoveView, ...]
    contact: SafeContact | None


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A referral as the staff of the service that was asked see it.

    `content` and `contact` are there while the service is asked or has said yes, and not before or after. `unit_name`
    is what is held for it. The referrer is a colleague with a name and an address, never the victim.
    """

    reference: str
    standing: Standing
    service: ServiceName
    unit_name: str | None
    deadline: datetime | None
    sent_at: datetime | None
    referrer_name: str
    referrer_role: str
    referrer_area: str
    referrer_email: str
    content: ContentView | None
    contact: SafeContact | None


@dataclass(frozen=True, slots=True)
class Line:
    """A referral in a list: where it stands, whose turn it is, and with which service. No content."""

    reference: str
    standing: Standing
    service_name: str
    created_at: datetime
    sent_at: datetime | None
