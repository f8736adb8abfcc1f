"""A process of its own that adds to the chain: `python writer.py URL NAME COMMITS`. It says when it is ready."""

import sys
from datetime import UTC, datetime

from directory.audit.events import Event
from directory.audit.log import record
from directory.extensions import Database, begin_writing


def write(url: str, name: str, commits: int) -> None:
    """Commit so many transactions of one to three entries each, with savepoints that are kept and rolled back."""
    database = Database(url)
    for number in range(1, commits + 1):
        with database.new_session() as session:
            begin_writing(session)
            now = datetime.now(UTC)
            for part in range(number % 3):
                record(session, Event.GUIDANCE_CHANGED, "system", now, guidance=f"{name}-{number}-{part}")
            lost = session.begin_nested()
            record(session, Event.GUIDANCE_CHANGED, "system", now, guidance=f"lost-{name}-{number}")
            lost.rollback()
            with session.begin_nested():
                record(session, Event.GUIDANCE_CHANGED, "system", now, guidance=f"{name}-{number}-end")
            if number % 5 == 0:
                session.rollback()
            else:
                session.commit()
    database.engine.dispose()


if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]))
