"""`support-directory run-due`: whatever has fallen due, to be called every minute. Two at once do no harm."""

import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import click
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import Moment
from directory.capacity.holds.service import sweep_holds
from directory.cli.database import open_database, require_newest_schema
from directory.common.actor import SYSTEM
from directory.common.clock import utc_now
from directory.common.errors import DomainError, RefusedError
from directory.config import Settings
from directory.editing.bulk.staging import forget_sheets
from directory.extensions import Database, begin_writing, empty_log
from directory.messaging.delivery import Complete, Incomplete, Outcome, deliver_due
from directory.messaging.kinds import MessageKind
from directory.messaging.queries import count_messages
from directory.messaging.transports import transports
from directory.publishing.cascade.sending import completion as receipt_links
from directory.publishing.cascade.sending import remind_readers
from directory.publishing.editions.schedule import prepare_due
from directory.referrals.service import Keystore, do_what_is_due
from directory.upkeep.links import forget_links
from directory.upkeep.reminders import remind
from directory.upkeep.sending import completion

# Their links acknowledge a receipt; all others confirm what a service says of itself.
RECEIPT_KINDS = (MessageKind.EDITION_PUBLISHED, MessageKind.EDITION_NOT_ACKNOWLEDGED)
_EVENTS = {"sent": Event.MESSAGE_SENT, "dead": Event.MESSAGE_DEAD}


@dataclass(frozen=True, slots=True)
class Report:
    """What a job did, counted by words that a person reads, and a sentence where there is something to say."""

    counts: Mapping[str, int]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done when it is due. `run` opens and commits its own transactions."""

    name: str
    run: Callable[[Settings, Database], Report]


def deliver_messages(settings: Settings, database: Database) -> Report:
    """Send the messages that are due."""
    carriers = transports(settings)
    outcomes = deliver_due(
        database.new_session,
        carriers.get,
        utc_now,
        settings.public_url,
        settled=_record,
        complete=_links(settings, database),
    )
    with database.new_session() as session:
        waiting = count_messages(session).waiting
    states = Counter(outcome.state.value for outcome in outcomes)
    counts = {"sent": states["sent"], "to try again": states["waiting"], "given up": states["dead"], "waiting": waiting}
    if not carriers:
        return Report(counts, "neither SMTP_URL nor NOTIFY_API_KEY is set, so messages wait")
    codes = sorted({outcome.error for outcome in outcomes if outcome.error})
    return Report(counts, f"errors: {', '.join(codes)}" if codes else "")


def _links(settings: Settings, database: Database) -> Complete:
    """What completes the links that open without signing in: each capability's own."""
    updates = completion(database.new_session, settings.confirm_within, settings.stale_after)
    receipts = receipt_links(database.new_session)

    def complete(message: Incomplete, now: datetime) -> str:
        return receipts(message, now) if message.kind in RECEIPT_KINDS else updates(message, now)

    return complete


def _record(session: Session, outcome: Outcome, now: datetime) -> None:
    event = _EVENTS.get(outcome.state.value)
    if event is not None:
        record(session, event, SYSTEM.reference, now, message=outcome.message_id, kind=outcome.kind)


def sweep(_settings: Settings, database: Database) -> Report:
    """Tidy away the holds whose time is up."""
    with database.new_session() as session:
        begin_writing(session)
        swept = sweep_holds(session, utc_now())
        session.commit()
    return Report({"ended": swept})


def bring_up_referrals(settings: Settings, database: Database) -> Report:
    """Do what time asks for with referrals: nudge, escalate, move on, close, forget.

    Raises RefusedError naming those with which something went wrong; the others are done.
    """
    moment = Moment(utc_now(), settings.confirm_within, settings.stale_after)
    done = do_what_is_due(database.new_session, Keystore(settings.keystore_url), moment)
    if done.forgotten:
        empty_log(database.engine)
    if done.failed:
        raise RefusedError(f"Something went wrong with {', '.join(done.failed)}; they are tried again next time.")
    return Report(
        {
            "settled": done.settled,
            "moved on": done.moved_on,
            "nudged": done.nudged,
            "escalated": done.escalated,
            "forgotten": done.forgotten,
            "keys destroyed": done.keys_destroyed,
        }
    )


def send_reminders(settings: Settings, database: Database) -> Report:
    """Remind people of what they have to confirm, and forget links that lapsed long ago."""
    moment = Moment(utc_now(), settings.confirm_within, settings.stale_after)
    done = remind(database.new_session, moment)
    with database.new_session() as session:
        begin_writing(session)
        forgotten = forget_links(session, moment.now)
        session.commit()
    return Report(
        {
            "messages": done.messages,
            "services reminded": done.services,
            "a step further": done.escalated,
            "old links forgotten": forgotten,
        }
    )


def prepare_editions(settings: Settings, database: Database) -> Report:
    """Draft the edition that is due, and remind commissioners of it."""
    done = prepare_due(database.new_session, Moment(utc_now(), settings.confirm_within, settings.stale_after))
    return Report({"drafted": done.drafted, "messages": done.messages})


def cascade_editions(_settings: Settings, database: Database) -> Report:
    """Send the newest edition to officers who came after it, and remind those who have not acknowledged it."""
    done = remind_readers(database.new_session, utc_now())
    return Report({"sent to newcomers": done.newcomers, "reminded": done.reminded})


def forget_uploads(_settings: Settings, database: Database) -> Report:
    """Forget the sheets that were uploaded more than a day ago."""
    with database.new_session() as session:
        begin_writing(session)
        forgotten = forget_sheets(session, utc_now())
        session.commit()
    return Report({"forgotten": forgotten})


# They run in this order: what falls due may write messages, so delivery comes last.
JOBS: list[Job] = [
    Job("referrals", bring_up_referrals),
    Job("holds", sweep),
    Job("reminders", send_reminders),
    Job("editions", prepare_editions),
    Job("receipts", cascade_editions),
    Job("uploaded sheets", forget_uploads),
    Job("deliver messages", deliver_messages),
]


@click.command("run-due")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
def run_due(as_json: bool) -> None:
    """Do whatever has fallen due, such as sending messages. Call it every minute.

    Each job runs whether or not another one fails; exit 1 when one did. Two calls at once do no harm.
    """
    settings = Settings.from_environment()
    answers: list[dict[str, object]] = []
    failed = False
    with open_database(settings) as database:
        require_newest_schema(database.engine)
        for job in JOBS:
            try:
                report = job.run(settings, database)
            except Exception as error:
                failed = True
                answers.append({"job": job.name, "failed": _reason(error)})
                click.echo(f"{job.name}: failed: {_reason(error)}", err=True)
            else:
                answers.append({"job": job.name, "counts": dict(report.counts), "note": report.note})
                if not as_json:
                    click.echo(_line(job, report))
    if as_json:
        click.echo(json.dumps({"jobs": answers}))
    if failed:
        sys.exit(1)


def _line(job: Job, report: Report) -> str:
    counts = ", ".join(f"{number} {what}" for what, number in report.counts.items())
    return f"{job.name}: {counts}" + (f" ({report.note})" if report.note else "")


def _reason(error: Exception) -> str:
    """Why a job failed. Of an error that nobody expected only its type and place: its message may quote data."""
    if isinstance(error, DomainError):
        return str(error)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    steps = [step for step in traceback.extract_tb(error.__traceback__) if "site-packages" not in step.filename]
    places = (f"{step.name} ({step.filename.rpartition('directory/')[2]}:{step.lineno})" for step in reversed(steps))
    return f"{kind} in {next(places, 'an unknown place')}"
