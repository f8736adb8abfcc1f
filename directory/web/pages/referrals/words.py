"""What referrals are told in, as people read it. The words of the provider's inbox come from here too."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from directory.common.dates import as_date_time, as_time
from directory.referrals.service import (
    Channel,
    ChildBand,
    ConsentHow,
    DeclinedBy,
    DeclineReason,
    Party,
    ReferralState,
    Risk,
    StepState,
)

RISK = {Risk.STANDARD: "Standard", Risk.MEDIUM: "Medium", Risk.HIGH: "High"}
CONSENT_HOW = {
    ConsentHow.IN_PERSON: "In person",
    ConsentHow.BY_PHONE: "By phone",
    ConsentHow.IN_WRITING: "In writing",
    ConsentHow.WITH_INTERPRETER: "With an interpreter",
}
CHANNEL = {
    Channel.TEXT: "Text message",
    Channel.CALL: "Phone call",
    Channel.EMAIL: "Email",
    Channel.THROUGH_REFERRER: "Only through me",
}
# As the service reads it: "me" would be somebody else.
CHANNEL_FOR_SERVICE = {**CHANNEL, Channel.THROUGH_REFERRER: "Only through whoever referred her"}
DECLINED_BY = {DeclinedBy.PROVIDER: "We cannot take her", DeclinedBy.SURVIVOR: "She does not want this place"}
# As the referrer reads it.
DECLINED_BY_TOLD = {
    DeclinedBy.PROVIDER: "The service cannot take her",
    DeclinedBy.SURVIVOR: "She did not want this place",
}
DECLINE_REASON = {
    DeclineReason.NO_CAPACITY: "No capacity",
    DeclineReason.CANNOT_MEET_NEED: "Cannot meet what she needs",
    DeclineReason.TOO_NEAR: "Too near",
    DeclineReason.TOO_FAR: "Too far",
    DeclineReason.TOO_RISKY_HERE: "Too risky here",
    DeclineReason.NOT_REACHABLE: "She could not be reached",
    DeclineReason.OTHER: "Another reason",
}
STATE = {
    ReferralState.DRAFT: "Not sent",
    ReferralState.SENT: "Waiting for an answer",
    ReferralState.SEEN: "Seen, waiting for an answer",
    ReferralState.ACCEPTED: "Accepted",
    ReferralState.DECLINED: "Declined",
    ReferralState.EXPIRED: "Not answered in time",
    ReferralState.WITHDRAWN: "Withdrawn",
    ReferralState.ARRIVED: "She arrived",
    ReferralState.DID_NOT_ARRIVE: "She did not arrive",
    ReferralState.CLOSED: "Closed",
}
STEP = {
    StepState.PLANNED: "Not asked yet",
    StepState.WAITING: "Asked",
    StepState.ACCEPTED: "Said yes",
    StepState.DECLINED: "Said no",
    StepState.EXPIRED: "Did not answer in time",
    StepState.SKIPPED: "Skipped: it could not be asked",
    StepState.ENDED: "Not needed any more",
}
BY = {Party.REFERRER: "you", Party.PROVIDER: "the service", Party.SYSTEM: "the directory, as time ran out"}
# A time of day alone is clear for as long as it cannot be meant of the next day.
_SAME_DAY = timedelta(hours=12)


def at_in_words(instant: datetime, now: datetime) -> str:
    """`3:05am`, with its date where that is not plain."""
    return as_time(instant) if abs(instant - now) < _SAME_DAY else as_date_time(instant)


def time_left(until: datetime, now: datetime) -> str:
    """How much time is left, in the two largest units: `1 hour 5 minutes left`; `overdue` where there is none."""
    minutes = (until - now) // timedelta(minutes=1)
    if until <= now:
        return "overdue"
    if minutes < 1:
        return "less than a minute left"
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = (
        [_counted(days, "day"), _counted(hours, "hour")]
        if days
        else [_counted(hours, "hour"), _counted(minutes, "minute")]
    )
    return f"{' '.join(part for part in parts if part)} left"


def band_in_words(band: ChildBand) -> str:
    """`Girl, 5 to 10`."""
    return f"{'Boy' if band.is_boy else 'Girl'}, {band.youngest} to {band.oldest}"


def household_in_words(adults: int, children: Sequence[ChildBand]) -> str:
    """`1 adult; 2 girls aged 5 to 10; 1 boy aged 0 to 4`."""
    parts = [f"{adults} adult{'' if adults == 1 else 's'}"]
    counts = Counter(children)
    for band in ChildBand:
        if counts[band]:
            noun = ("boy" if band.is_boy else "girl") + ("" if counts[band] == 1 else "s")
            parts.append(f"{counts[band]} {noun} aged {band.youngest} to {band.oldest}")
    return "; ".join(parts)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""
