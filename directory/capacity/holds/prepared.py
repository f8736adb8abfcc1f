"""Statements composed once and sent to the driver as they are: for where many people wait for one another.

SQLAlchemy works out anew at every execution what a statement needs; for a statement as long as that of a hold this
takes several times as long as the database does. Which words the statement has is still SQLAlchemy's to say.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable
from sqlalchemy.sql import ClauseElement

from directory.common import driver

_AS_IT_IS: Mapping[str, Any] = MappingProxyType({})


class Prepared:
    """A statement in the words of one dialect. All its parameters are named, and given with each execution."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, options: Mapping[str, Any] = _AS_IT_IS) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._names: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None
        self._constants: dict[str, Any] = {name: value for name, value in compiled.params.items() if value is not None}
        self._options = dict(options) if isinstance(statement, Executable) else {}
        self._convert: dict[str, Callable[[Any], Any]] = {}
        for name, bind in compiled.binds.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None:
                self._convert[name] = convert
                if name in self._constants:
                    self._constants[name] = convert(self._constants[name])

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Run it. `values` may hold more than the statement needs; columns come back as the driver gives them."""
        return connection.exec_driver_sql(self._text, self._parameters(values), self._options)

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run it on the driver's own cursor: the first column of its first row, or None where it has no row."""
        rows = driver.run(connection, self._text, self._parameters(values))
        return rows[0][0] if rows else None

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        given = self._constants | dict(values)
        for name, convert in self._convert.items():
            if name in values:
                given[name] = convert(values[name])
        return given if self._names is None else tuple(given[name] for name in self._names)
