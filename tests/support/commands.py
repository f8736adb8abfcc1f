"""Running commands: in this process (quick), or as a process of their own (servers, signals)."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from directory.cli.main import main

SECRET = "a secret of the tests that nobody else uses"
START_SECONDS = 60
# One keystore for each database, gone with the tests.
_KEYSTORES = TemporaryDirectory(prefix="keystores-")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Commands:
    """Runs `support-directory …` in this process, on one database."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str) -> None:
        self._patch = patch
        self._capsys = capsys
        for name in [name for name in os.environ if name in environment(url)]:
            patch.delenv(name)
        for name, value in environment(url).items():
            patch.setenv(name, value)

    def __call__(self, *arguments: str | Path, stdin: str = "") -> Outcome:
        """Run one command with `stdin` in its pipe."""
        self._capsys.readouterr()
        self._patch.setattr(sys, "argv", ["support-directory", *map(str, arguments)])
        self._patch.setattr(sys, "stdin", io.StringIO(stdin))
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        captured = self._capsys.readouterr()
        return Outcome(code, captured.out, captured.err)


def environment(url: str) -> dict[str, str]:
    """The environment that a command of the tests gets: nothing of the machine's own settings."""
    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return {
        "DATABASE_URL": url,
        "KEYSTORE_URL": f"sqlite:///{_KEYSTORES.name}/{name}.sqlite3",
        "SECRET_KEY": SECRET,
        "SUPPORT_DIRECTORY_ENV": "demo",
    }


def start(*arguments: str, url: str, **variables: str) -> subprocess.Popen[str]:
    """Start `python -m directory …` as a process of its own, in a folder that is not ours."""
    return subprocess.Popen(
        [sys.executable, "-m", "directory", *arguments],
        cwd="/",
        env={"PATH": os.environ["PATH"], **environment(url), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass(slots=True)
class RunningServer:
    """A server that answers at `address`. After `stop`, `code` and `log` (standard error) tell how it was."""

    address: str
    process: subprocess.Popen[str]
    code: int | None = None
    log: str = ""

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Send it a signal and wait for its end."""
        self.process.send_signal(how)
        _, self.log = self.process.communicate(timeout=START_SECONDS)
        self.code = self.process.returncode


@contextmanager
def serving(url: str, *, workers: int = 2, **variables: str) -> Iterator[RunningServer]:
    """`support-directory serve` on a free port, on the migrated database at `url`."""
    process = start("serve", "--port", "0", "--workers", str(workers), url=url, **variables)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("Serving on "):
            _, errors = process.communicate(timeout=START_SECONDS)
            raise AssertionError(f"The server did not start: {line}{errors}")
        yield RunningServer(line.removeprefix("Serving on ").strip(), process)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
