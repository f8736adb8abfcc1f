"""Referrals in words: whose turn it is, by when, and what can be done."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import url_for

from directory.catalogue.guidance import GuidanceText
from directory.common.dates import as_date_time
from directory.referrals.privacy import ContentView, Line, MoveView, ReferrerView, StepView
from directory.referrals.service import Channel, Party, ReferralState, Risk, SafeContact, StepState
from directory.web.filters import in_a_sentence
from directory.web.pages.referrals import words
from directory.web.pages.referrals.contexts import (
    Actions,
    CheckPage,
    Held,
    ListLine,
    MoveLine,
    Row,
    Section,
    StepLine,
    TimelinePage,
)
from directory.web.pages.referrals.words import at_in_words, time_left

_S = ReferralState
COLOURS = {
    _S.SENT: "blue",
    _S.SEEN: "blue",
    _S.ACCEPTED: "green",
    _S.ARRIVED: "green",
    _S.DECLINED: "orange",
    _S.EXPIRED: "red",
    _S.DID_NOT_ARRIVE: "orange",
}
OPEN_AFTER_NO = frozenset({_S.DECLINED, _S.EXPIRED})


def held_in_words(until: datetime | None, now: datetime, *, needed: bool) -> Held:
    """The author's hold, as the forms show it."""
    if until is None:
        return Held(needed, "", "")
    return Held(needed, at_in_words(until, now), time_left(until, now))


def content_section(content: ContentView, *, change: bool = False) -> Section:
    """What was written about what she needs."""
    rows = [
        Row("Needs", content.needs, "needs"),
        Row("Household", (words.household_in_words(content.adults, content.children),), "adults"),
        Row("Language", (content.language or "English, or not needed",), "language"),
        Row("Access", content.access_features or ("Nothing special",), "access_features"),
        Row("Risk (DASH)", (words.RISK[content.risk],), "risk"),
        Row("Note", (content.note or "None",), "note"),
    ]
    return Section("What she needs", tuple(rows if change else (Row(row.key, row.lines) for row in rows)))


def contact_section(contact: SafeContact, channels: Mapping[Channel, str], *, change: bool = False) -> Section:
    """How and when she may be reached."""
    rows = [
        Row("Call her", (contact.alias,), "alias"),
        Row("By", (channels[contact.channel],), "channel"),
        Row("Number or email", (contact.address or "None",), "address"),
        Row("Safe times", (contact.safe_times or "Not said",), "safe_times"),
        Row("Voicemail", ("Safe" if contact.voicemail_ok else "Not safe: do not leave one",), "voicemail_ok"),
        Row("The caller may say", (contact.say or "Nothing about who is calling",), "say"),
    ]
    return Section("How to reach her safely", tuple(rows if change else (Row(row.key, row.lines) for row in rows)))


def consent_in_words(content: ContentView) -> str:
    """`She said yes in person, on 22 November 2026 at 2am`."""
    return f"She said yes {words.CONSENT_HOW[content.consent_how].lower()}, on {as_date_time(content.consent_at)}"


def check_page(
    view: ReferrerView,
    held: Held,
    marac: tuple[GuidanceText | None, str],
    now: datetime,
) -> CheckPage:
    """A draft before it is sent."""
    sections = [content_section(view.content, change=True), _plan_section(view)]
    if view.contact is not None:
        sections.append(contact_section(view.contact, words.CHANNEL, change=True))
    is_high = view.content.risk is Risk.HIGH
    turn = view.standing.turn
    return CheckPage(
        reference=view.reference,
        service_name=view.steps[0].service.name,
        held=held,
        sections=tuple(sections),
        consent=consent_in_words(view.content)
        + (", to each service of this plan." if view.consent_covers_plan else ", to the first service."),
        clock=view.code_clock.text,
        marac=marac[0] if is_high else None,
        marac_area=marac[1] if is_high else "",
        ends=at_in_words(turn.by, now) if turn else "",
    )


def _plan_section(view: ReferrerView) -> Section:
    names = tuple(f"{step.position}. {step.service.name}" for step in view.steps)
    rows = [Row("Ask", names if len(names) > 1 else (view.steps[0].service.name,), "plan")]
    if len(names) > 1:
        rows.append(Row("If they say no", ("The next is asked by itself" if view.moves_on else "You decide",), "plan"))
    return Section("Whom to ask", (*rows, Row("Victims’ Code", (view.code_clock.text,), "reported_on")))


def timeline_page(view: ReferrerView, now: datetime, *, problem: str, refreshes: bool) -> TimelinePage:
    """A referral that was sent."""
    state = view.standing.state
    asked = _asked(view)
    status, detail = _status(view, asked, now)
    turn = view.standing.turn
    return TimelinePage(
        reference=view.reference,
        state=words.STATE[state],
        colour=COLOURS.get(state, "grey"),
        status=status,
        detail=detail,
        left=time_left(turn.by, now) if turn else "",
        problem=problem,
        actions=_actions(view),
        steps=tuple(_step_line(step, now) for step in view.steps),
        moves=tuple(
            MoveLine(move.at, _move_in_words(move, view.moves[:number])) for number, move in enumerate(view.moves)
        ),
        sections=(content_section(view.content),),
        clock=view.code_clock.text,
        contact=_contact_in_words(view, asked.service.name),
        refreshes=refreshes and waits_for_service(view),
    )


def waits_for_service(view: ReferrerView) -> bool:
    """Whether it is the service's answer that is waited for: the page is then worth looking at again."""
    return view.standing.state in (_S.SENT, _S.SEEN)


def _asked(view: ReferrerView) -> StepView:
    """The service that was asked last."""
    return next((step for step in reversed(view.steps) if step.sent_at is not None), view.steps[0])


def _status(view: ReferrerView, asked: StepView, now: datetime) -> tuple[str, str]:
    """Whose turn it is and by when, or what it came to; and what that means."""
    name, turn = asked.service.name, view.standing.turn
    by = at_in_words(turn.by, now) if turn else ""
    deadline = at_in_words(asked.deadline, now) if asked.deadline else ""
    is_held = asked.service.is_refuge
    match view.standing.state:
        case _S.SENT:
            return f"{name} has until {by} to answer.", "The space is held until then." if is_held else ""
        case _S.SEEN:
            detail = f"They have seen it and will come back to it.{' The space is held until then.' if is_held else ''}"
            return f"{name} has until {by} to answer.", detail
        case _S.DECLINED:
            return f"{name} said no. Choose what comes next by {by}.", _no_in_words(asked)
        case _S.EXPIRED:
            lost = " The space is not held any more: do not send anybody there." if is_held else ""
            return f"{name} did not answer by {deadline}. Choose what comes next by {by}.", lost.strip()
        case _S.ACCEPTED if turn and turn.party is Party.PROVIDER:
            kept = " The space is kept for her." if is_held else ""
            return f"{name} said yes. She should be with them by {by}.", f"They tell us when she has arrived.{kept}"
        case _S.ACCEPTED:
            return f"Has she arrived at {name}? Tell us by {by}.", "They said yes, and have not said whether she came."
        case _S.WITHDRAWN:
            return "This referral was withdrawn.", "Nothing is held for it."
        case _S.ARRIVED:
            return f"She arrived at {name}.", ""
        case _S.DID_NOT_ARRIVE:
            return f"She did not arrive at {name}.", "If she is still looking for help, search again and refer anew."
    return "This referral is closed.", "Nothing is held for it."


def _no_in_words(step: StepView) -> str:
    if step.declined_by is None or step.decline_reason is None:
        return ""
    return f"{words.DECLINED_BY_TOLD[step.declined_by]}. Reason: {words.DECLINE_REASON[step.decline_reason].lower()}."


def _actions(view: ReferrerView) -> Actions:
    state = view.standing.state
    if state in OPEN_AFTER_NO:
        coming = view.next_step.service.name if view.next_step else ""
        left = [step.service.name for step in view.steps if step.state is StepState.PLANNED]
        return Actions(
            next_name=coming,
            agree_to="" if view.consent_covers_plan else in_a_sentence(left),
            close=True,
            search_again=True,
        )
    if state is _S.ACCEPTED:
        return Actions(arrival=True, withdraw=True)
    return Actions(
        withdraw=state in (_S.SENT, _S.SEEN),
        close=state in (_S.WITHDRAWN, _S.ARRIVED, _S.DID_NOT_ARRIVE) and view.sent_at is not None,
        search_again=state is _S.DID_NOT_ARRIVE,
    )


def _step_line(step: StepView, now: datetime) -> StepLine:
    details = {
        StepState.WAITING: step.deadline and f"Has until {at_in_words(step.deadline, now)} to answer",
        StepState.ACCEPTED: step.answered_at and f"At {at_in_words(step.answered_at, now)}",
        StepState.DECLINED: step.answered_at and f"At {at_in_words(step.answered_at, now)}. {_no_in_words(step)}",
        StepState.EXPIRED: step.deadline and f"They had until {at_in_words(step.deadline, now)}",
    }
    return StepLine(step.service, words.STEP[step.state], details.get(step.state) or "")


def _move_in_words(move: MoveView, before: Iterable[MoveView]) -> str:
    name = move.service_name or "The service"
    again = any(earlier.state is _S.SENT for earlier in before)
    by_itself = ", as you asked" if move.moved_by is Party.SYSTEM else ""
    return {
        _S.DRAFT: "You wrote it",
        _S.SENT: f"{name} was asked next{by_itself}" if again else f"Sent to {name}",
        _S.SEEN: f"{name} has seen it",
        _S.ACCEPTED: f"{name} said yes",
        _S.DECLINED: f"{name} said no",
        _S.EXPIRED: f"Time ran out: {name} had not answered",
        _S.WITHDRAWN: f"Withdrawn by {words.BY[move.moved_by]}",
        _S.ARRIVED: f"She arrived, said {words.BY[move.moved_by]}",
        _S.DID_NOT_ARRIVE: f"She did not arrive, said {words.BY[move.moved_by]}",
        _S.CLOSED: f"Closed by {words.BY[move.moved_by]}",
    }[move.state]


def _contact_in_words(view: ReferrerView, name: str) -> str:
    """What the referrer can no longer see, said."""
    if view.standing.turn is None:
        return "How to reach her has been destroyed. Nobody can read it any more."
    if view.standing.state in OPEN_AFTER_NO:
        return "How to reach her stays sealed: the next service that is asked can read it, and you cannot any more."
    return f"How to reach her is sealed. Only the staff of {name} can read it now; you cannot any more."


def list_lines(lines: Iterable[Line], now: datetime) -> tuple[ListLine, ...]:
    """Referrals as lines of a list."""
    return tuple(_list_line(line, now) for line in lines)


def _list_line(line: Line, now: datetime) -> ListLine:
    state, turn = line.standing.state, line.standing.turn
    is_draft = state is _S.DRAFT
    endpoint = "referrals.check" if is_draft else "referrals.timeline"
    when = ""
    if turn is not None:
        left = time_left(turn.by, now)
        verb = {_S.DRAFT: "Send it", _S.ACCEPTED: "Has she arrived? Say so"}.get(state, "Choose what comes next")
        who = verb if turn.party is Party.REFERRER else "They have"
        joint = "by" if turn.party is Party.REFERRER else "until"
        when = f"{who} {joint} {at_in_words(turn.by, now)} ({left})"
    return ListLine(
        line.reference, url_for(endpoint, reference=line.reference), line.service_name, words.STATE[state], when
    )
