"""Loading the gazetteer's files into the database: all of them or nothing, and no work when they are there already."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, literal, select, text, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import AddConstraint, DropConstraint

from directory.common.errors import RefusedError
from directory.common.orm import Base
from directory.common.progress import Progress, no_progress
from directory.places.files import BoroughRow, GazetteerFiles, digest_of, read_gazetteer
from directory.places.models import Borough, GazetteerLoad, NamedPlace, Postcode, PostcodeSector, SectorBorough

BATCH = 20_000
_BOROUGH_COLUMNS = ("code", "name", "latitude", "longitude", "police_area", "grid_row", "grid_column")


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did: `loaded` or `unchanged`, and how many rows the gazetteer has now."""

    status: Literal["loaded", "unchanged"]
    boroughs: int
    postcodes: int
    sectors: int
    places: int


def load_gazetteer(session: Session, folder: Path, now: datetime, progress: Progress = no_progress) -> LoadResult:
    """Replace the gazetteer with the files of `folder`, in the session's transaction; the caller commits.

    The same files as last time are recognised by their digest and left alone. Boroughs are updated in place, because
    other tables point at them. `progress` is called as each batch of rows is written.

    Raises InvalidInputError by file, row and column when a file is missing or wrong, and RefusedError when a borough
    that the files no longer have is still in use; nothing is written then.
    """
    digest = digest_of(folder)
    if session.scalar(select(GazetteerLoad.digest)) == digest:
        return _counted(session)
    files = read_gazetteer(folder)
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # Two processes that start at once must not load at once. SQLite has one writer anyway.
        connection.execute(text("LOCK TABLE gazetteer_loads IN EXCLUSIVE MODE"))
    with _postcodes_replaced(connection):
        _clear(connection)
        _write_boroughs(connection, files.boroughs)
        _write_rest(connection, files, progress)
    connection.execute(insert(GazetteerLoad).values(id=1, digest=digest, loaded_at=now))
    session.expire_all()
    return LoadResult("loaded", len(files.boroughs), len(files.postcodes), len(files.sectors), len(files.places))


def _counted(session: Session) -> LoadResult:
    tables = (Borough, Postcode, PostcodeSector, NamedPlace)
    counts = union_all(
        *(
            select(literal(number).label("number"), func.count()).select_from(model)
            for number, model in enumerate(tables)
        )
    )
    boroughs, postcodes, sectors, places = (count for _, count in sorted(session.execute(counts).all()))
    return LoadResult("unchanged", boroughs, postcodes, sectors, places)


@contextmanager
def _postcodes_replaced(connection: Connection) -> Iterator[None]:
    """On PostgreSQL, check the postcodes' foreign key once at the end, not 279,157 times: it halves the load.

    The transaction that lifts the constraint puts it back, so nobody else ever sees the table without it.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    (constraint,) = Base.metadata.tables[Postcode.__tablename__].foreign_key_constraints
    connection.execute(DropConstraint(constraint))
    connection.execute(text(f"TRUNCATE {Postcode.__tablename__}"))
    yield
    connection.execute(AddConstraint(constraint, isolate_from_table=False))


def _clear(connection: Connection) -> None:
    for model in (GazetteerLoad, NamedPlace, SectorBorough, PostcodeSector, Postcode):
        connection.execute(delete(model))


def _write_boroughs(connection: Connection, rows: Sequence[BoroughRow]) -> None:
    """Insert, update and remove boroughs one by one: there are 33, and other tables point at them."""
    # Names and tiles are unique, and two boroughs may swap theirs: move the old ones out of the way first.
    connection.execute(update(Borough).values(name=Borough.code, grid_row=-1 - Borough.grid_row))
    there = set(connection.scalars(select(Borough.code)))
    for row in rows:
        values = dict(zip(_BOROUGH_COLUMNS, row, strict=True))
        code = values.pop("code")
        if code in there:
            connection.execute(update(Borough).where(Borough.code == code).values(values))
        else:
            connection.execute(insert(Borough).values(code=code, **values))
    gone = sorted(there - {row[0] for row in rows})
    try:
        connection.execute(delete(Borough).where(Borough.code.in_(gone)))
    except IntegrityError as error:
        raise RefusedError(f"The files lack boroughs that are still in use, of these: {', '.join(gone)}.") from error


def _write_rest(connection: Connection, files: GazetteerFiles, progress: Progress) -> None:
    sectors = [(row[0], row[0].partition(" ")[0], *row[1:4]) for row in files.sectors]
    listed = [(row[0], code, position) for row in files.sectors for position, code in enumerate(row[4])]
    place_columns = ("name", "key", "borough_code", "latitude", "longitude", "population")
    sector_columns = ("sector", "outcode", "latitude", "longitude", "country")
    postcode_columns = ("postcode", "borough_code", "latitude", "longitude")
    _write(connection, NamedPlace, place_columns, files.places, progress)
    _write(connection, PostcodeSector, sector_columns, sectors, progress)
    _write(connection, SectorBorough, ("sector", "borough_code", "position"), listed, progress)
    _write(connection, Postcode, postcode_columns, files.postcodes, progress)


def _write(
    connection: Connection,
    model: type[Base],
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    progress: Progress,
) -> None:
    """Insert tuples as they are. SQLAlchemy's own bulk insert wants dictionaries and takes three times as long."""
    table = model.__tablename__
    names = ", ".join(columns)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        if connection.dialect.name == "postgresql":
            cursor: Any = connection.connection.cursor()
            with cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in batch:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" for _ in columns)
            connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(batch))  # noqa: S608
        progress(table, start + len(batch), len(rows))
