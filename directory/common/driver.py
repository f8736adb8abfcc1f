"""Statements past SQLAlchemy, on the driver's own cursor: for the few that everybody waits for.

What SQLAlchemy does around each statement takes several times as long as the statement; while one transaction holds a
lock that all others want, that time is everybody's. Errors are told as SQLAlchemy tells them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def run(connection: Connection, text: str, values: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
    """Run one statement in the connection's transaction, and return its rows (none where it has none), as tuples.

    `text` and `values` are what the driver takes. Raises what SQLAlchemy would: IntegrityError and the like.
    """
    driver: Any = connection.dialect.loaded_dbapi
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []
    except driver.Error as error:
        raise DBAPIError.instance(
            text, None, error, driver.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()
