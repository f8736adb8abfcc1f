"""A throw-away PostgreSQL: made in a temporary folder, reached by a Unix socket alone, gone with the tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

OWNER = "directory"
START_SECONDS = 30
# Nothing here has to survive a power cut, so nothing waits for the disk.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "jit": "off",
}


class PostgresqlMissingError(Exception):
    """There is no PostgreSQL server on this machine, or it does not start."""


def find_programs() -> Path:
    """The folder that holds `initdb` and `postgres`, the newest version first.

    Raises PostgresqlMissingError, saying what to install.
    """
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest_first = sorted(versions, key=lambda path: float(path.parent.parent.name), reverse=True)
    on_path = [Path(found).resolve() for found in [shutil.which("initdb")] if found]
    for initdb in [*newest_first, *on_path]:
        if initdb.with_name("postgres").exists():
            return initdb.parent
    raise PostgresqlMissingError("The tests need PostgreSQL 15 or newer: install your system's `postgresql` package.")


def _other_user() -> list[str]:
    """How to start a program as somebody unprivileged, and so that it ends when this process does."""
    setpriv = shutil.which("setpriv")
    dies_with_us = [setpriv, "--pdeathsig", "QUIT"] if setpriv else []
    if os.geteuid() != 0:
        return dies_with_us
    if not setpriv:
        raise PostgresqlMissingError("PostgreSQL refuses to run as root, and `setpriv` (util-linux) is not here.")
    user = _unprivileged()
    return [*dies_with_us, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


class Cluster:
    """A running PostgreSQL server. `stop` ends it and removes its files; its end is certain even if we are killed."""

    def __init__(self) -> None:
        programs = find_programs()
        # A Unix socket's address has at most 107 characters, so the folder must not lie deep.
        self.folder = Path(tempfile.mkdtemp(prefix="directory-pg-", dir="/tmp"))
        if os.geteuid() == 0:
            os.chown(self.folder, _unprivileged().pw_uid, _unprivileged().pw_gid)
        try:
            self._server = self._start(programs)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, name: str) -> str:
        """The SQLAlchemy address of database `name`."""
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run one statement, such as CREATE DATABASE, outside a transaction."""
        with self._connect() as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def stop(self) -> None:
        """End the server at once and remove its files."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(timeout=START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True)

    def _start(self, programs: Path) -> subprocess.Popen[bytes]:
        data = self.folder / "data"
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        # A linguistic order, as installations have: whoever relies on the order of bytes finds out here.
        order = ["--locale-provider=icu", "--icu-locale=en-GB", "--locale=C"]
        made = subprocess.run(
            [*_other_user(), programs / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "-N", *order],
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise PostgresqlMissingError(f"PostgreSQL could not make a database: {made.stderr.strip()}")
        settings = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [*_other_user(), programs / "postgres", "-D", data, "-k", self.folder, *settings],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_for(server)
        return server

    def _wait_for(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._connect().close()
                return
            except psycopg.OperationalError:
                if server.poll() is not None or time.monotonic() > deadline:
                    server.kill()
                    log = (self.folder / "server.log").read_text(errors="replace")
                    raise PostgresqlMissingError(f"PostgreSQL did not start: {log}") from None
                time.sleep(0.02)
