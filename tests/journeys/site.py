"""The product as people meet it: the demonstration's data, served by its own command in a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from directory.capacity.contracts.files import load_programmes
from directory.capacity.files import import_folder
from directory.catalogue.guidance import load_guidance
from directory.cli.demo_accounts import ensure_accounts
from directory.cli.demo_data import FOLDERS
from directory.cli.demo_editions import make_first_edition, make_second_edition
from directory.cli.demo_past import ensure_past
from directory.common.clock import utc_now
from directory.config import Settings
from directory.paths import SEED_DATA
from directory.search.sealing import Seal
from tests.support.commands import SECRET, START_SECONDS, environment
from tests.support.databases import committing

PASSWORD = "fir-kestrel-lantern-9"


@dataclass(frozen=True, slots=True)
class Site:
    """A running server: where it answers, its database, its log, and who can sign in (e-mail addresses by role)."""

    address: str
    database_url: str
    log_path: Path
    emails: Mapping[str, str]

    def link(self, question: Mapping[str, Any], age: timedelta = timedelta(0)) -> str:
        """The link to a question (names of design section 4), as the server would have made it `age` ago."""
        lifetime = Settings().search_link
        return Seal.from_secret(SECRET, lifetime).close(question, utc_now() - age)

    def log(self) -> list[dict[str, Any]]:
        """What the server has logged so far; a line that it is still writing is left out."""
        whole, _, _ = self.log_path.read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]


def fill(database_url: str, now: datetime) -> dict[str, str]:
    """Load what `support-directory demo` loads, into a database with the gazetteer. Returns who can sign in."""
    with committing(database_url) as session:
        load_guidance(session, SEED_DATA / "guidance" / "demo", now)
        load_guidance(session, SEED_DATA / "guidance", now)
        load_programmes(session, SEED_DATA / "demo", now)
        import_folder(session, FOLDERS[0], now)
        make_first_edition(session, Settings(), now, lambda: ensure_accounts(session, PASSWORD, now))
        for folder in FOLDERS:
            report = import_folder(session, folder, now)
            assert not report.refused, f"{folder}: {report.errors[0]}"
        ensure_past(session, now)
        make_second_edition(session, Settings(), now)
        sign_ins = ensure_accounts(session, PASSWORD, now)
        # Of two people in one role the first.
        return {sign_in.role.value: sign_in.email for sign_in in reversed(sign_ins)}


@contextmanager
def demonstration(database_url: str, folder: Path, **variables: str) -> Iterator[Site]:
    """The demonstration on a migrated database with the gazetteer, served until the end of the block."""
    emails = fill(database_url, utc_now())
    keystore = f"sqlite:///{folder}/keystore.sqlite3"
    with served(database_url, folder / "server.log", KEYSTORE_URL=keystore, **variables) as address:
        yield Site(address, database_url, folder / "server.log", emails)


@contextmanager
def served(database_url: str, log_path: Path, **variables: str) -> Iterator[str]:
    """`support-directory serve` on a free port of this machine. Its log goes to a file, which never fills up."""
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "directory", "serve", "--port", "0"],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", **environment(database_url), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    with process, process.stdout as output:
        try:
            said = output.readline()
            assert said.startswith("Serving on "), f"The server did not start: {said}{log_path.read_text()}"
            yield said.removeprefix("Serving on ").strip()
        finally:
            # Not SIGTERM, which waits for browsers to let go of their connections.
            process.send_signal(signal.SIGINT)
            process.wait(START_SECONDS)
