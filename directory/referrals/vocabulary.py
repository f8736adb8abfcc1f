"""The words that referrals are told in. There is deliberately none for who somebody is or where she comes from."""

import enum

FEWEST = 5
"""A count below this is never shown (firewall, rule 8)."""


class ReferralState(enum.StrEnum):
    """Where a referral is. Which state may follow which stands in `lifecycle.py`."""

    DRAFT = "draft"
    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ARRIVED = "arrived"
    DID_NOT_ARRIVE = "did_not_arrive"
    CLOSED = "closed"


class StepState(enum.StrEnum):
    """Where one step of a referral's plan is: one service that is asked, after the ones before it."""

    PLANNED = "planned"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    SKIPPED = "skipped"
    ENDED = "ended"


class Party(enum.StrEnum):
    """Who moved a referral, or whose turn it is."""

    REFERRER = "referrer"
    PROVIDER = "provider"
    SYSTEM = "system"


class Risk(enum.StrEnum):
    """The risk that the referrer assessed (DASH). High risk goes to the MARAC of the borough as well."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


class ConsentHow(enum.StrEnum):
    """How the victim said yes to this referral."""

    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    IN_WRITING = "in_writing"
    WITH_INTERPRETER = "with_interpreter"


class ChildBand(enum.StrEnum):
    """A child's age band, apart by sex because some refuges cannot take older boys. Never a date of birth."""

    GIRL_0_4 = "girl_0_4"
    GIRL_5_10 = "girl_5_10"
    GIRL_11_15 = "girl_11_15"
    GIRL_16_17 = "girl_16_17"
    BOY_0_4 = "boy_0_4"
    BOY_5_10 = "boy_5_10"
    BOY_11_15 = "boy_11_15"
    BOY_16_17 = "boy_16_17"

    @property
    def is_boy(self) -> bool:
        """Whether a unit's limit for boys counts."""
        return self.value.startswith("boy_")

    @property
    def youngest(self) -> int:
        """The lowest age of the band, in years."""
        return int(self.value.split("_")[1])

    @property
    def oldest(self) -> int:
        """The highest age of the band, in years."""
        return int(self.value.split("_")[2])


class DeclinedBy(enum.StrEnum):
    """Who said no."""

    PROVIDER = "provider"
    SURVIVOR = "survivor"


class DeclineReason(enum.StrEnum):
    """Why not. No reason speaks of anybody's status, and none may be added that does."""

    NO_CAPACITY = "no_capacity"
    CANNOT_MEET_NEED = "cannot_meet_need"
    TOO_NEAR = "too_near"
    TOO_FAR = "too_far"
    TOO_RISKY_HERE = "too_risky_here"
    NOT_REACHABLE = "not_reachable"
    OTHER = "other"
