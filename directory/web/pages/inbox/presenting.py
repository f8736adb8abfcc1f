"""The provider's referrals in words."""

from collections.abc import Iterable
from datetime import datetime

from directory.referrals.privacy import ContentView, Line, ProviderView
from directory.referrals.service import Party, ReferralState, Risk
from directory.web.pages.inbox.contexts import InboxLine, OverPage, ReferralPage
from directory.web.pages.referrals import words
from directory.web.pages.referrals.contexts import Row, Section
from directory.web.pages.referrals.presenting import consent_in_words, contact_section, content_section
from directory.web.pages.referrals.words import at_in_words, time_left

_S = ReferralState
ASKED = frozenset({_S.SENT, _S.SEEN})
_ROLES = {"officer": "Police officer", "advocate": "Advocate"}


def inbox_lines(lines: Iterable[Line], now: datetime) -> tuple[InboxLine, ...]:
    """Referrals as lines of the inbox."""
    return tuple(_inbox_line(line, now) for line in lines)


def _inbox_line(line: Line, now: datetime) -> InboxLine:
    turn = line.standing.turn
    by = turn.by if turn else now
    return InboxLine(
        reference=line.reference,
        service_name=line.service_name,
        state="New" if line.standing.state is _S.SENT else words.STATE[line.standing.state],
        by=at_in_words(by, now),
        left=time_left(by, now),
        is_overdue=by <= now,
        sent_at=line.sent_at,
    )


def referral_page(view: ProviderView, content: ContentView, now: datetime, problem: str) -> ReferralPage:
    """A referral that the service may read."""
    state, turn = view.standing.state, view.standing.turn
    is_asked = state in ASKED
    sections = [content_section(content), _consent_section(content)]
    if view.contact is not None:
        sections.append(contact_section(view.contact, words.CHANNEL_FOR_SERVICE))
    role = ", ".join(filter(None, (_ROLES.get(view.referrer_role, view.referrer_role), view.referrer_area)))
    return ReferralPage(
        reference=view.reference,
        service_name=view.service.name,
        state="New" if state is _S.SENT else words.STATE[state],
        status=_status(view, now),
        left=time_left(turn.by, now) if turn else "",
        is_high_risk=content.risk is Risk.HIGH,
        unit_name=view.unit_name,
        referrer=f"{view.referrer_name} ({role})",
        referrer_email=view.referrer_email,
        sections=tuple(sections),
        problem=problem,
        answers=is_asked,
        returns=state is _S.SENT,
        arrives=state is _S.ACCEPTED,
    )


def _status(view: ProviderView, now: datetime) -> str:
    turn = view.standing.turn
    by = at_in_words(turn.by, now) if turn else ""
    if view.standing.state in ASKED:
        return f"Answer by {by}"
    late = turn is not None and turn.party is Party.REFERRER
    return f"Has she arrived? Say so by {by}" if late else f"You said yes. She should be with you by {by}"


def over_page(view: ProviderView, now: datetime, problem: str) -> OverPage:
    """A referral that is over for the service."""
    state = view.standing.state
    ran_out = f"This ran out at {at_in_words(view.deadline, now)}" if view.deadline else "This ran out"
    not_held = " The space is not held any more." if view.service.is_refuge else ""
    free = " The space is free again." if view.service.is_refuge else ""
    headline, sentence = {
        _S.EXPIRED: (ran_out, f"You had not answered by then.{not_held} The referrer moves on."),
        _S.DECLINED: ("You said no to this referral", f"The referrer has been told.{free}"),
        _S.WITHDRAWN: ("This was withdrawn", "The referrer has taken it back. Do not contact her."),
        _S.ARRIVED: ("She arrived", "There is nothing more to do."),
        _S.DID_NOT_ARRIVE: ("She did not arrive", f"There is nothing more to do.{free}"),
    }.get(state, ("This referral is closed", "There is nothing more to do."))
    return OverPage(view.reference, headline, sentence, state in (_S.EXPIRED, _S.WITHDRAWN), problem)


def _consent_section(content: ContentView) -> Section:
    return Section("Consent", (Row("Consent", (consent_in_words(content),)),))
