"""The page with the form of a referral, filled in or to be filled in."""

from dataclasses import dataclass
from datetime import datetime

from directory.catalogue.queries import ServiceFacts
from directory.extensions import current_session
from directory.referrals.privacy import Line, referrals_of
from directory.referrals.service import Option, Party
from directory.search.choices import Choice, ChoiceGroup, Choices
from directory.web import current
from directory.web.pages.referrals import plans, words
from directory.web.pages.referrals.contexts import FormPage, OpenEnd, PlanLine
from directory.web.pages.referrals.forms import ReferralForm
from directory.web.pages.referrals.plans import Plan
from directory.web.pages.referrals.presenting import OPEN_AFTER_NO, held_in_words


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around the form: the service it begins with, the plan, the hold, and where it came from.

    `first` is what was chosen first. `ask_for` is how an earlier referral would ask the same service: a field's name
    and its value.
    """

    service: ServiceFacts
    first: Option
    plan: Plan
    held_until: datetime | None = None
    reference: str = ""
    knows_search: bool = True
    ask_for: tuple[str, str] = ("", "")

    @property
    def gone(self) -> bool:
        """What was chosen first cannot be asked any more: then each of the plan can be chosen alone."""
        return self.plan[0].option != self.first


def offer(form: ReferralForm, setting: Setting, choices: Choices) -> None:
    """Fill in what can be chosen in the form."""
    alone = setting.plan if setting.gone else setting.plan[:1]
    form.offer(choices, [one.name for one in alone], several=len(setting.plan) > 1)


def form_page(form: ReferralForm, setting: Setting, choices: Choices) -> FormPage:
    """Everything that the page shows; the plan goes into the form closed."""
    form.sealed.data = plans.close(setting.plan)
    own, others = _needs(choices, setting.service)
    service = setting.service
    return FormPage(
        form=form,
        reference=setting.reference,
        service_name=service.name,
        phone=service.professional_phone or service.phone,
        held=held_in_words(setting.held_until, current.now(), needed=setting.first.unit_id is not None),
        gone=service.name if setting.gone else "",
        choices=choices,
        own_needs=own,
        other_needs=others,
        plan=tuple(PlanLine(one.name, one.organisation_name, one.where, one.why) for one in setting.plan),
        knows_search=setting.knows_search,
        open_ends=_open_ends() if setting.ask_for[0] else (),
        ask_for=setting.ask_for,
    )


def _needs(choices: Choices, service: ServiceFacts) -> tuple[tuple[Choice, ...], tuple[ChoiceGroup, ...]]:
    """The terms, those that the service helps with apart from all others."""
    names = set(service.needs)
    own = tuple(choice for group in choices.needs for choice in group.choices if choice.name in names)
    others = [
        ChoiceGroup(group.name, tuple(choice for choice in group.choices if choice not in own))
        for group in choices.needs
    ]
    return own, tuple(group for group in others if group.choices)


def _open_ends() -> tuple[OpenEnd, ...]:
    lines = referrals_of(current_session(), current.actor(), current.now())
    return tuple(OpenEnd(line.reference, _words(line)) for line in lines if _waits_for_a_next_step(line))


def _waits_for_a_next_step(line: Line) -> bool:
    turn = line.standing.turn
    return turn is not None and turn.party is Party.REFERRER and line.standing.state in OPEN_AFTER_NO


def _words(line: Line) -> str:
    return f"{line.service_name}: {words.STATE[line.standing.state].lower()}"
