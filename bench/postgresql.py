"""A PostgreSQL server of the bench's own: in a temporary folder, on a Unix socket, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

OWNER = "directory"
START_SECONDS = 30
# Waiting for the disk would hide what the statements cost: ratios come out worse for the product without it.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "jit": "off",
}


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of an empty database: BENCH_POSTGRESQL_URL, else of a server that lives as long as this context.

    None where the machine has no PostgreSQL.
    """
    given = os.environ.get("BENCH_POSTGRESQL_URL")
    programs = _programs()
    if given or programs is None:
        yield given
        return
    # A Unix socket's address has at most 107 characters, so the folder must not lie deep.
    folder = Path(tempfile.mkdtemp(prefix="bench-pg-", dir="/tmp"))
    try:
        server = _start(programs, folder)
        try:
            yield f"postgresql+psycopg://{OWNER}@/bench?host={folder}"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).resolve().parent if on_path else None


def _as_somebody_else() -> list[str]:
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    return ["setpriv", "--pdeathsig", "QUIT", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    data = folder / "data"
    make = [
        *_as_somebody_else(),
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "-N",
    ]
    subprocess.run([*make, "--locale=C"], cwd="/", check=True, capture_output=True)
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    run = [*_as_somebody_else(), str(programs / "postgres"), "-D", str(data), "-k", str(folder), *settings]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(run, cwd="/", stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(host=str(folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench")
            return server
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise
            time.sleep(0.02)
