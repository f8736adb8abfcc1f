"""That nothing was changed behind the directory's back: its trail, its editions, its catalogue.

Each of these reads everything that was ever written, so they are run when somebody asks for them.
"""

from sqlalchemy.orm import Session

from directory.assurance.items import Figure, Promise, Standing, counted, met
from directory.audit.verify import verify as verify_trail
from directory.capacity.availability import Moment
from directory.capacity.current import differences_from_history
from directory.common.progress import no_progress
from directory.publishing.editions.verifying import verify as verify_editions


def trail_whole(session: Session, _moment: Moment) -> Figure:
    """Whether the chain of the audit trail is whole."""
    verdict = verify_trail(session)
    entries = counted(verdict.entries, "entry", "entries")
    if verdict.first_problem is not None:
        return Figure(Standing.NOT_MET, f"Broken at entry {verdict.first_problem.sequence:,}; whole before it")
    return Figure(Standing.MET, f"{entries.capitalize()}, the chain is whole", (("It ends with", f"{verdict.head}"),))


def editions_whole(session: Session, _moment: Moment) -> Figure:
    """Whether every published edition is as it was published."""
    verdict = verify_editions(session, no_progress)
    if not verdict.editions and not verdict.problems:
        return Figure(Standing.NO_DATA, "No edition has been published yet.")
    number = len(verdict.problems)
    return Figure(met(not number), f"{counted(verdict.editions, 'edition').capitalize()}, {counted(number, 'problem')}")


def history_whole(session: Session, _moment: Moment) -> Figure:
    """Whether the catalogue is what its history replays to."""
    different = set(differences_from_history(session))
    if different:
        # Somebody who edits at this moment is between the two readings: what is wrong is wrong both times.
        session.rollback()
        different &= set(differences_from_history(session))
    number = len(different)
    return Figure(
        met(not number), f"{counted(number, 'difference').capitalize()} between the catalogue and its history"
    )


INTEGRITY = (
    Promise(
        "trail-whole",
        "The audit trail is whole",
        "Every entry holds the hash of the one before. Met when none was changed, taken out, put in or moved.",
        "All entries of the audit trail, read from the first on, as the command “audit verify” does.",
        trail_whole,
        long=True,
    ),
    Promise(
        "editions-whole",
        "Editions are as they were published",
        "Every edition has the hash of its content and the seal of the one before. Met when all of them fit.",
        "All published editions, as the command “editions verify” does.",
        editions_whole,
        long=True,
    ),
    Promise(
        "history-whole",
        "The catalogue is what its history says",
        "Whatever changes a listing or unit leaves a version. Met when the versions replay to what is there now.",
        "The catalogue and all its versions, as the command “catalogue check-history” does.",
        history_whole,
        long=True,
    ),
)
