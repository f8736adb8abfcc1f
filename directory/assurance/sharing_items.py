"""What becomes of those who ask the directory for what it knows: the register of disclosure requests, counted."""

from sqlalchemy.orm import Session

from directory.assurance import words
from directory.assurance.facts import DisclosureFacts, Register, tallies
from directory.assurance.items import Figure, Promise, Standing, counted, met, percent
from directory.assurance.register import read_register
from directory.assurance.vocabulary import WORKING_DAYS_TO_ANSWER, Decision, Requester
from directory.capacity.availability import Moment
from directory.common.actor import SYSTEM
from directory.common.dates import as_date

FIREWALL = (Requester.IMMIGRATION_ENFORCEMENT, Requester.OTHER_HOME_OFFICE)
DISCLOSING = (Decision.PARTLY_DISCLOSED, Decision.DISCLOSED)


def requests_answered(session: Session, moment: Moment) -> Figure:
    """Whether every request was answered in time, and none waits too long."""
    register = _register(session, moment)
    standing = register.standing
    if not standing:
        return _nothing_came(register)
    answered = [one for one in standing if not one.waits]
    late = [one for one in answered if one.late]
    in_time = len(answered) - len(late)
    return Figure(
        met(not register.overdue and not late),
        f"{counted(len(register.waiting), 'request').capitalize()} not answered yet, {len(register.overdue)} overdue",
        (
            ("Oldest request without an answer", _oldest(register.waiting)),
            (
                "Answered in time",
                f"{percent(in_time, len(answered))}%: {in_time} of {len(answered)}" if answered else "–",
            ),
        ),
    )


def firewall_kept(session: Session, moment: Moment) -> Figure:
    """Whether Immigration Enforcement or another part of the Home Office was ever given anything."""
    register = _register(session, moment)
    if not register.standing:
        return _nothing_came(register)
    asked = [one for one in register.standing if one.requester in FIREWALL]
    given = sum(one.decision in DISCLOSING for one in asked)
    more = [
        (
            words.REQUESTER[tally.requester],
            ", ".join(f"{words.DECISION[one].lower()}: {tally.answers[one]}" for one in Decision if tally.answers[one]),
        )
        for tally in tallies(register.standing)
    ]
    return Figure(
        met(not given),
        f"{counted(len(asked), 'request').capitalize()} of the Home Office, {given} of them disclosed in part or whole",
        tuple(more),
    )


def _register(session: Session, moment: Moment) -> Register:
    return read_register(session, SYSTEM, moment.now)


def _nothing_came(register: Register) -> Figure:
    return Figure(Standing.MET, f"No request has been recorded since {as_date(register.kept_since)}")


def _oldest(waiting: tuple[DisclosureFacts, ...]) -> str:
    if not waiting:
        return "none"
    oldest = min(waiting, key=lambda one: one.received_on)
    return f"of {as_date(oldest.received_on)}, {counted(oldest.days, 'working day')} ago"


SHARING = (
    Promise(
        "requests-answered",
        "Disclosure requests are answered",
        f"Whoever asks for what the directory knows is answered within {WORKING_DAYS_TO_ANSWER} working days. Met when "
        "none is overdue, and none was answered later.",
        "The register of disclosure requests, from its beginning, without entries that were corrected.",
        requests_answered,
    ),
    Promise(
        "firewall-kept",
        "Nothing goes to immigration enforcement",
        "Victims must be able to ask for help without fear of it. Met when nothing was disclosed to Immigration "
        "Enforcement or another part of the Home Office.",
        "The register of disclosure requests: who asked, and the answers.",
        firewall_kept,
    ),
)
