"""What the templates of referrals may see: services, never units (firewall, rule 3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.catalogue.guidance import GuidanceText
from directory.catalogue.queries import ServiceFacts
from directory.referrals.privacy import ServiceName
from directory.referrals.statistics import Unanswered
from directory.search.choices import Choice, ChoiceGroup, Choices
from directory.web.pages.referrals.forms import ReferralForm


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One service of a plan: where it is, and why it stands there."""

    name: str
    organisation_name: str
    where: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The author's hold. `until` is empty where there is none any more; `needed` is whether there should be one."""

    needed: bool
    until: str
    left: str


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """A referral of the author's that came to a no or silence, for which the space on the page could be used."""

    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of a referral, new or changed. `choices` are the terms; needs stand apart: the service's own first.

    `gone` names a service that cannot be asked any more; `knows_search` tells whether the plan answers a search.
    `ask_for` is what "use it for an earlier referral" sends, one of a hold's id and a service's.
    """

    template: ClassVar[str] = "pages/referrals/form.html"

    form: ReferralForm
    reference: str
    service_name: str
    phone: str
    held: Held
    gone: str
    choices: Choices
    own_needs: tuple[Choice, ...]
    other_needs: tuple[ChoiceGroup, ...]
    plan: tuple[PlanLine, ...]
    knows_search: bool
    open_ends: tuple[OpenEnd, ...]
    ask_for: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a summary; `change` is the id of the field that changes it, or empty."""

    key: str
    lines: tuple[str, ...]
    change: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of a summary under a heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A draft, to be read once more before it is sent. The MARAC's pathway, and its contacts in the referrer's
    own area (in Markdown), are there where the risk is high."""

    template: ClassVar[str] = "pages/referrals/check.html"

    reference: str
    service_name: str
    held: Held
    sections: tuple[Section, ...]
    consent: str
    clock: str
    marac: GuidanceText | None
    marac_area: str
    ends: str


@dataclass(frozen=True, slots=True)
class NobodyPage:
    """Nobody of the plan has a space any more: nothing was sent, nothing is lost."""

    template: ClassVar[str] = "pages/referrals/nobody.html"

    reference: str
    can_choose: bool
    services: tuple[ServiceName, ...]


@dataclass(frozen=True, slots=True)
class ByPhonePage:
    """Nobody reads this service's referrals here: said before anything is written. `is_held` is the space."""

    template: ClassVar[str] = "pages/referrals/by_phone.html"

    service: ServiceFacts
    is_held: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """A service of the plan in the timeline, and what became of asking it."""

    service: ServiceName
    words: str
    detail: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """Something that happened."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Actions:
    """What the referrer can do now. `next_name` is the service that one tap asks; `agree_to` names those to which she
    has to agree first: with one yes, to all that are left of the plan."""

    next_name: str = ""
    agree_to: str = ""
    arrival: bool = False
    withdraw: bool = False
    close: bool = False
    search_again: bool = False


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A referral that was sent: whose turn it is and by when, what can be done, and what has happened.

    `problem` says why what was just asked for could not be done. `refreshes` is whether the page comes anew by itself.
    """

    template: ClassVar[str] = "pages/referrals/timeline.html"

    reference: str
    state: str
    colour: str
    status: str
    detail: str
    left: str
    problem: str
    actions: Actions
    steps: tuple[StepLine, ...]
    moves: tuple[MoveLine, ...]
    sections: tuple[Section, ...]
    clock: str
    contact: str
    refreshes: bool


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    """Whether to take a referral back, or throw a draft away."""

    template: ClassVar[str] = "pages/referrals/withdraw.html"

    reference: str
    service_name: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class DidNotArrivePage:
    """Whether to end a referral because she did not arrive: asked of the referrer and of the service alike.

    `address` is where the answer goes, and `back` the page of the referral.
    """

    template: ClassVar[str] = "pages/referrals/did_not_arrive.html"

    reference: str
    service_name: str
    address: str
    back: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """A referral in the list of one's own."""

    reference: str
    address: str
    service_name: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """My referrals: those that need me, those that wait for somebody else, and those that are over."""

    template: ClassVar[str] = "pages/referrals/list.html"

    mine: tuple[ListLine, ...]
    waiting: tuple[ListLine, ...]
    over: tuple[ListLine, ...]


@dataclass(frozen=True, slots=True)
class UnansweredPage:
    """The services that have left referrals unanswered, for the commissioner who phones them."""

    template: ClassVar[str] = "pages/referrals/unanswered.html"

    services: tuple[Unanswered, ...]
    days: int
