"""The words of the register of disclosure requests: who asked, for what, on which ground, and what the answer was."""

import enum

LONGEST_SUMMARY = 300
"""Characters of a request's summary."""
WORKING_DAYS_TO_ANSWER = 20
"""Freedom of Information Act 2000, section 10(1): the day of receipt is not counted. Kept for every request."""


class Requester(enum.StrEnum):
    """What sort of body asked. No person is named."""

    IMMIGRATION_ENFORCEMENT = "immigration_enforcement"
    OTHER_HOME_OFFICE = "other_home_office"
    POLICE = "police"
    COURT = "court"
    LOCAL_AUTHORITY = "local_authority"
    SOLICITOR = "solicitor"
    RESEARCHER = "researcher"
    PRESS = "press"
    PERSON_CONCERNED = "person_concerned"
    OTHER = "other"


class Subject(enum.StrEnum):
    """What was asked for."""

    PERSON = "person"
    HOUSEHOLDS = "households"
    ADDRESS = "address"
    STATISTICS = "statistics"
    AUDIT_TRAIL = "audit_trail"
    LISTING = "listing"


class Decision(enum.StrEnum):
    """How it was answered. `nothing_held` is the directory's commonest truth: it does not know."""

    PENDING = "pending"
    REFUSED = "refused"
    NOTHING_HELD = "nothing_held"
    PARTLY_DISCLOSED = "partly_disclosed"
    DISCLOSED = "disclosed"


class Basis(enum.StrEnum):
    """On which ground it was asked."""

    NONE_GIVEN = "none_given"
    COURT_ORDER = "court_order"
    DATA_PROTECTION_ACT = "data_protection_act"
    FREEDOM_OF_INFORMATION_ACT = "freedom_of_information_act"
    SUBJECT_ACCESS = "subject_access"
    SAFEGUARDING = "safeguarding"
    OTHER = "other"


ANSWERS = tuple(decision for decision in Decision if decision is not Decision.PENDING)
"""What a request can be answered with."""
