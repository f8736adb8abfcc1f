"""What is measured, on one catalogue in one database: the import, and the search from HTTP request to response."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Role, Scope
from directory.accounts.service import create_account
from directory.accounts.tokens import issue_token
from directory.capacity.availability import Moment, space_available
from directory.capacity.models import Unit
from directory.common.clock import utc_now
from directory.config import Settings
from directory.extensions import Database
from directory.factory import create_app
from directory.paths import ROOT
from directory.search.index import build_index


@dataclass(frozen=True, slots=True)
class ImportCost:
    """How long a command took, in seconds, and the most memory it held, in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class SearchCost:
    """Milliseconds from request to response (median, 95th percentile), the SQL statements of a search (fewest and
    most), what the bare availability statement takes, and what building the index takes."""

    median: float
    slow: float
    fewest_statements: int
    most_statements: int
    bare_statement: float
    index_build: float


def command(database_url: str, *arguments: str) -> ImportCost:
    """Run the product's own command on a database; raises CalledProcessError when it fails."""
    environment = os.environ | {"DATABASE_URL": database_url}
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "directory", *arguments], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return ImportCost(time.perf_counter() - before, _megabytes(usage))


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def searches(database_url: str, questions: list[dict[str, Any]], secret: str = "x" * 40) -> SearchCost:
    """Ask every question over HTTP (in this process), after one that warms up."""
    database = Database(database_url)
    settings = Settings(database_url=database_url, secret_key=secret)
    client = create_app(settings, database=database).test_client()
    headers = {"Authorization": f"Bearer {_token(database)}"}
    took, counts = [], []
    with _counted(database) as count:
        for question in [questions[0], *questions]:
            count.clear()
            before = time.perf_counter()
            response = client.post("/api/v1/search", json=question, headers=headers)
            took.append((time.perf_counter() - before) * 1000)
            counts.append(len(count))
            assert response.status_code == 200, response.get_data(as_text=True)
    with database.new_session() as session:
        bare, build = _bare_statement(session), _milliseconds(lambda: build_index(session), 3)
    database.engine.dispose()
    took, counts = sorted(took[1:]), counts[1:]
    return SearchCost(statistics.median(took), took[len(took) * 95 // 100], min(counts), max(counts), bare, build)


def _token(database: Database) -> str:
    with database.new_session.begin() as session:
        user = create_account(
            session,
            email="bench@example.org",
            name="Bench",
            role=Role.OFFICER,
            organisation_id=None,
            area="",
            password=None,
            now=utc_now(),
        )
        return issue_token(session, user, [Scope.SEARCH], utc_now())


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def _bare_statement(session: Session) -> float:
    """The least that any search must do: ask the database which units have space."""
    settings = Settings()
    moment = Moment(utc_now(), settings.confirm_within, settings.stale_after)
    statement = select(func.count()).select_from(Unit).where(space_available(moment))
    return _milliseconds(lambda: session.scalar(statement), 30)


def _milliseconds(work: Any, times: int) -> float:
    took = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        took.append((time.perf_counter() - before) * 1000)
    return statistics.median(took)


def folder_size(folder: Path) -> float:
    """Megabytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.iterdir()) / 1_000_000
