"""The demonstration's register of disclosure requests: made up, and answered as the directory always can."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from directory.assurance.disclosures import answer_request, record_request
from directory.assurance.facts import Entry
from directory.assurance.vocabulary import Basis, Decision, Requester, Subject
from directory.common.actor import Actor
from directory.common.clock import london_date

# How many days ago it came, who asked for what and on which ground, and the answer with the days that it took.
_REQUESTS = (
    (70, Requester.IMMIGRATION_ENFORCEMENT, Subject.PERSON, Basis.NONE_GIVEN, Decision.NOTHING_HELD, 1),
    (41, Requester.RESEARCHER, Subject.STATISTICS, Basis.FREEDOM_OF_INFORMATION_ACT, Decision.DISCLOSED, 12),
    (24, Requester.LOCAL_AUTHORITY, Subject.ADDRESS, Basis.SAFEGUARDING, Decision.NOTHING_HELD, 2),
    (5, Requester.SOLICITOR, Subject.HOUSEHOLDS, Basis.DATA_PROTECTION_ACT, None, 0),
)


def make_requests(session: Session, actor: Actor, now: datetime) -> None:
    """Enter them, and answer all but the newest; the caller commits."""
    for ago, requester, subject, basis, decision, days in _REQUESTS:
        came = now - timedelta(days=ago)
        entry = Entry(london_date(came), requester, subject, basis, organisation_id=None, summary="")
        number = record_request(session, entry, actor, came).number
        if decision is not None:
            answered = came + timedelta(days=days)
            answer_request(session, number, decision, london_date(answered), actor, answered)
