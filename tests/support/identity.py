"""Names that smell of a victim's identity (firewall, rule 1), and where product code could put them."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Enum as EnumType
from sqlalchemy import MetaData

# Matched against a name in lower case with `_` between its words.
SMELLS = (
    r"name$",
    r"names$",
    r"surname|forename|alias|nickname|initials",
    r"victim|survivor|client|patient|claimant|applicant|perpetrator|suspect|offender|partner",
    r"(^|_)(dob|born|birth|birthday|birthdate)(_|$)|date_of_birth",
    r"(^|_)(age|ages|sex|gender|genders)(_|$)",
    r"nationalit|citizenship|country|ethnic|(^|_)race(_|$)|religio|faith|language",
    r"immigration|(^|_)(visa|asylum|passport|brp|nrpf)(_|$)|leave_to_remain|migra(nt|tion)",
    r"home_office|(^|_)(nhs|nino|ni_number|cid)(_|$)|national_insurance",
    r"crime|police_ref|(^|_)(cad|urn|custody)(_|$)|case_(number|ref|id)",
    r"address|street|postcode|postal|(^|_)(latitude|longitude)(_|$)",
    r"email|phone|mobile|contact",
    r"(^|_)(notes?|comments?|story|free_text|message)(_|$)",
)


def smells(name: str) -> bool:
    """Whether `name` could be the name of something about a victim."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).strip("_").lower()
    return any(re.search(pattern, words) for pattern in SMELLS)


def columns(metadata: MetaData) -> Iterator[str]:
    """Every column, as `table.column`."""
    for table in metadata.tables.values():
        yield from (f"{table.name}.{column.name}" for column in table.columns)


def stored_words(metadata: MetaData) -> Iterator[str]:
    """Every word that a column of choices can hold, as `table.column=word`."""
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, EnumType):
                yield from (f"{table.name}.{column.name}={word}" for word in column.type.enums)


def form_fields(base: type, package: str = "directory") -> Iterator[str]:
    """Every field of every form of `package` that derives from `base`, as `Form.field`."""
    forms = [form for form in _descendants(base) if form.__module__.partition(".")[0] == package]
    for form in forms:
        for name in dir(form):
            if not name.startswith("_") and type(getattr(form, name)).__name__ == "UnboundField":
                yield f"{form.__name__}.{name}"


def _descendants(base: type) -> Iterator[type]:
    for child in base.__subclasses__():
        yield child
        yield from _descendants(child)


def schema_fields(schema: Any, where: str = "") -> Iterator[str]:
    """Every property and parameter that an OpenAPI document describes, as `Schema.property`."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "properties" and isinstance(value, dict):
                yield from (f"{where}.{field}" for field in value)
            if name == "parameters" and isinstance(value, list):
                yield from (f"{where}?{parameter['name']}" for parameter in value if "name" in parameter)
            structural = name in {"properties", "items", "schema", "schemas", "components", "content", "parameters"}
            yield from schema_fields(value, where if structural else name)
    elif isinstance(schema, list):
        for item in schema:
            yield from schema_fields(item, where)


def log_keys(folder: Path) -> Iterator[str]:
    """Every keyword given to a structlog call under `folder`, as `file:line:key`; `**` where more could get in.

    That is a key nobody can read here, and every other way to a log: a logger kept in a variable, or `print`.
    """
    for path in sorted(folder.rglob("*.py")):
        tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        calls = [node for node in tree if isinstance(node, ast.Call)]
        used_at_once = {id(node.func.value) for node in calls if isinstance(node.func, ast.Attribute)}
        for node in calls:
            called = ast.unparse(node.func)
            if called.startswith("structlog.get_logger()."):
                yield from (f"{path.name}:{node.lineno}:{item.arg or '**'}" for item in node.keywords)
            elif (
                called == "print"
                or (called.endswith("get_logger") and id(node) not in used_at_once)
                or re.match(
                    r"(logging\.getLogger\(.*\)|log|logger)\.(debug|info|warning|error|exception|critical)$", called
                )
            ):
                yield f"{path.name}:{node.lineno}:**"


def unexpected(found: Iterable[str], allowed: dict[str, str]) -> list[str]:
    """What smells and is not on the list of what may."""
    last = re.compile(r"[.=?]")
    return sorted(name for name in found if smells(last.split(name)[-1]) and name not in allowed)
