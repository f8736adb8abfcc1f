"""Between the form of a referral and what the domain stores: filled from a search or a draft, and read back."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from directory.common.clock import LONDON, london_date
from directory.common.errors import FieldProblem, InvalidInputError
from directory.referrals.service import (
    ChildBand,
    Consent,
    ConsentHow,
    Content,
    Draft,
    Option,
    Risk,
    SafeContact,
    problems_of,
    safe_contact,
)
from directory.search.choices import Choices, codes_of
from directory.web import current
from directory.web.pages.referrals.forms import EARLIER, IN_ORDER, ReferralForm
from directory.web.pages.referrals.plans import Plan

Word = TypeVar("Word", bound=StrEnum)


def fill_from_search(form: ReferralForm, question: Mapping[str, Any], now: datetime) -> None:
    """Answer what a search has answered already.

    What it asked of the place beside that (community, by and for, public funds, areas) is not part of a referral.
    """
    form.needs.data = list(question.get("need", []))
    form.adults.data = str(question.get("adults", 1))
    form.children = [band for child in question.get("child", []) if (band := _band(child)) is not None]
    form.language.data = next(iter(question.get("language", [])), "")
    form.access_features.data = list(question.get("access", []))
    form.reported_on.data = london_date(now).isoformat()


def fill_from_draft(form: ReferralForm, draft: Draft) -> None:
    """Show a draft again, to be changed."""
    content, contact = draft.content, draft.contact
    form.needs.data, form.access_features.data = list(content.needs), list(content.access_features)
    form.adults.data, form.children = str(content.adults), content.children
    form.language.data, form.risk.data = content.language, content.risk.value
    form.reported_on.data = content.reported_on.isoformat()
    form.consent.data, form.consent_how.data = True, content.consent.how.value
    form.consent_when.data = EARLIER
    form.consent_at.data = f"{content.consent.at.astimezone(LONDON):%Y-%m-%dT%H:%M}"
    form.plan.data = IN_ORDER if len(draft.plan) > 1 else "0"
    form.consent_covers_plan.data, form.moves_on.data = content.consent.covers_plan, content.moves_on
    form.note.data = content.note
    if contact is not None:
        form.alias.data, form.channel.data, form.address.data = contact.alias, contact.channel.value, contact.address
        form.safe_times.data, form.say.data = contact.safe_times, contact.say
        form.voicemail_ok.data = contact.voicemail_ok


def read(session: Session, form: ReferralForm, choices: Choices) -> tuple[Content, SafeContact] | None:
    """What the form says. None where something is wrong with it: then each problem stands beside its field."""
    valid = form.validate_on_submit()
    known = {name for name in form.data if not form[name].errors}
    problems: list[FieldProblem] = []
    contact = None
    try:
        contact = _contact(form)
    except InvalidInputError as error:
        problems += error.problems
    content = _content(form, choices, current.now())
    problems += problems_of(session, content, contact, current.now())
    # Where the form has said what is wrong, the domain saying it again would be twice.
    problems = [problem for problem in problems if problem.field in known or problem.field == "children"]
    form.show(problems)
    return (content, contact) if valid and not problems and contact is not None else None


def chosen(form: ReferralForm, plan: Plan) -> tuple[Option, ...]:
    """The services to ask, in order."""
    if form.plan.data == IN_ORDER:
        return tuple(one.option for one in plan)
    return (plan[int(form.plan.data)].option,)


def _content(form: ReferralForm, choices: Choices, now: datetime) -> Content:
    """The content, with what is missing filled in by something harmless: the form has its own words for that."""
    in_order = form.plan.data == IN_ORDER
    needs, access = dict(codes_of(choices.needs)), dict(codes_of(choices.access))
    return Content(
        needs=tuple(code for code in form.needs.data or () if code in needs),
        adults=form.adults_count,
        children=form.children,
        language=form.language.data or "",
        access_features=tuple(code for code in form.access_features.data or () if code in access),
        risk=_word(Risk, form.risk.data, Risk.STANDARD),
        consent=Consent(
            how=_word(ConsentHow, form.consent_how.data, ConsentHow.IN_PERSON),
            at=form.consented_at(now) or now,
            covers_plan=in_order and form.consent_covers_plan.data,
        ),
        moves_on=in_order and form.moves_on.data,
        reported_on=form.reported_day or london_date(now),
        note=form.note.data or "",
    )


def _word(vocabulary: type[Word], text: str | None, otherwise: Word) -> Word:
    return vocabulary(text) if text in list(vocabulary) else otherwise


def _contact(form: ReferralForm) -> SafeContact:
    return safe_contact(
        alias=form.alias.data or "",
        channel=form.channel.data or "",
        address=form.address.data or "",
        safe_times=form.safe_times.data or "",
        voicemail_ok=form.voicemail_ok.data,
        say=form.say.data or "",
    )


def _band(child: str) -> ChildBand | None:
    """The band of a child as searches name it: `4f`, `13m`."""
    if not child[:-1].isdigit():
        return None
    age, is_boy = int(child[:-1]), child.endswith("m")
    return next((band for band in ChildBand if band.is_boy is is_boy and band.youngest <= age <= band.oldest), None)
