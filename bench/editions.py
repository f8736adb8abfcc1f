"""What an edition costs: the product's own commands on catalogues of three sizes, and the PDF of the demonstration."""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.generator import read_vocabulary, write_catalogue
from bench.measure import command as run_command
from directory.accounts.permissions import Role
from directory.accounts.service import create_account
from directory.common.clock import utc_now
from directory.config import Settings
from directory.extensions import Database
from directory.factory import create_app
from directory.paths import SEED_DATA

HEADING = "## Editions"
SIZES = ((100, 200), (1_000, 2_000), (10_000, 20_000))
PREPARES, SIGNS = "prepares@example.org", "signs@example.org"
PASSWORD = "a-password-of-the-bench-alone"  # noqa: S105 - of accounts in a database that is thrown away


@dataclass(frozen=True, slots=True)
class EditionCost:
    """Seconds of each whole command on a catalogue of so many services and units; they compare to the import."""

    services: int
    units: int
    imported: float
    drafted: float
    published: float
    verified: float


@dataclass(frozen=True, slots=True)
class PdfCost:
    """Seconds from request to response, for the first reader and for every later one, and how large it is in kB."""

    first: float
    later: float
    kilobytes: float


def measure() -> tuple[list[EditionCost], PdfCost]:
    """Publish an edition of each size, on SQLite, then fetch the demonstration's PDF twice."""
    words = read_vocabulary(SEED_DATA)
    costs = []
    with tempfile.TemporaryDirectory() as name:
        for services, units in SIZES:
            print(f"an edition of {services:,} services", file=sys.stderr)
            files = Path(name) / str(services)
            write_catalogue(files, words, services=services, units=units)
            costs.append(_edition(f"sqlite:///{Path(name)}/{services}.sqlite3", files, services, units))
        print("the demonstration's PDF", file=sys.stderr)
        url = f"sqlite:///{Path(name)}/demo.sqlite3"
        _edition(url, SEED_DATA / "demo", 0, 0)
        return costs, _pdf(url)


def as_markdown(costs: list[EditionCost], pdf: PdfCost) -> list[str]:
    """The section of results.md."""
    lines = [
        HEADING,
        "",
        "Made by `python -m bench editions` on SQLite: whole commands, their start included. Publishing checks, signs "
        "off, publishes and sends.",
        "",
        "| services | units | import | draft | publish | verify | draft and publish, of the import |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.services:,} | {one.units:,} | {one.imported:.1f} s | {one.drafted:.1f} s | {one.published:.1f} s "
        f"| {one.verified:.1f} s | {(one.drafted + one.published) / one.imported:.2f} |"
        for one in costs
    ]
    lines += [
        "",
        f"The PDF of the demonstration: {pdf.first:.1f} s for whoever asks first, {pdf.later:.2f} s for all others "
        f"({pdf.kilobytes:,.0f} kB).",
    ]
    return lines


def _edition(url: str, files: Path, services: int, units: int) -> EditionCost:
    run_command(url, "db", "upgrade")
    run_command(url, "places", "load", str(SEED_DATA / "gazetteer"))
    run_command(url, "catalogue", "import", str(SEED_DATA / "taxonomies"))
    imported = run_command(url, "catalogue", "import", str(files))
    _commissioners(url)
    drafted = run_command(url, "editions", "draft", "--by", PREPARES)
    published = run_command(url, "editions", "publish", "--signed-by", SIGNS)
    verified = run_command(url, "editions", "verify")
    return EditionCost(services, units, imported.seconds, drafted.seconds, published.seconds, verified.seconds)


def _commissioners(url: str) -> None:
    database = Database(url)
    with database.new_session.begin() as session:
        for email in (PREPARES, SIGNS):
            create_account(
                session,
                email=email,
                name="A commissioner of the bench",
                role=Role.COMMISSIONER,
                organisation_id=None,
                area="",
                password=PASSWORD,
                now=utc_now(),
            )
    database.engine.dispose()


def _pdf(url: str) -> PdfCost:
    app = create_app(Settings(database_url=url, secret_key="x" * 40))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"email": SIGNS, "password": PASSWORD})
    seconds, size = [], 0
    for _ in range(2):
        before = time.perf_counter()
        response = client.get("/editions/1/edition.pdf")
        seconds.append(time.perf_counter() - before)
        assert response.mimetype == "application/pdf", response.status
        size = len(response.data)
    return PdfCost(seconds[0], seconds[1], size / 1000)
