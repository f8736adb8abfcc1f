"""Who may import whom in `directory/` (design section 1), read from the source itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "directory"
# Everybody may use these; they know nothing of the product.
FOUNDATION = {"common", "extensions", "config", "paths"}
CAPABILITIES: dict[str, set[str]] = {
    "audit": set(),
    "places": set(),
    "messaging": set(),
    "screening": set(),
    "accounts": {"audit", "messaging"},
    "catalogue": {"audit", "places"},
    "capacity": {"audit", "catalogue"},
    "search": {"places", "catalogue", "capacity"},
    "referrals": {"audit", "accounts", "catalogue", "capacity", "messaging", "screening"},
    "editing": {"audit", "accounts", "catalogue", "capacity", "messaging", "screening"},
    "upkeep": {"audit", "accounts", "catalogue", "capacity", "messaging", "editing"},
    "publishing": {
        *("audit", "accounts", "catalogue", "capacity", "messaging", "places", "referrals"),
        *("screening", "editing", "upkeep"),
    },
    "insight": {"catalogue", "capacity", "places", "publishing", "referrals"},
    "assurance": {
        *("audit", "accounts", "catalogue", "capacity", "messaging", "publishing", "referrals"),
        *("screening", "upkeep"),
    },
}
SURFACES = {"web", "api", "cli"}
# Referral data has one way out, and counts have another.
ONLY_FROM_REFERRALS = {
    "publishing": {"statistics"},
    "insight": {"statistics"},
    "assurance": {"statistics"},
    **{surface: {"service", "privacy", "statistics"} for surface in SURFACES},
}
WEB_LIBRARIES = {"flask", "flask_login", "flask_wtf", "werkzeug", "wtforms", "jinja2"}
# What a surface needs of SQLAlchemy to hand a session on; with anything else it would write SQL.
SESSION_ONLY = {"sqlalchemy.Engine", "sqlalchemy.orm.Session", "sqlalchemy.exc"}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `directory.capacity.queries.read_units`, or only its module."""

    line: int
    name: str
    inside_function: bool


def violations(root: Path) -> list[str]:
    """Every import under `root` (which holds `directory/`) that breaks a rule, as `file:line: name: reason`."""
    found = []
    for path in sorted((root / PACKAGE).rglob("*.py")):
        relative = path.relative_to(root)
        if path.name == "__init__.py":
            if _says_more_than_what_it_is(path):
                found.append(f"{relative}:1: package roots are empty, else importing one module imports its siblings")
            continue
        area = relative.parts[1].removesuffix(".py")
        for item in _imports(path):
            reason = _why_inside(item) or _why_not(area, item.name)
            if reason:
                found.append(f"{relative}:{item.line}: {item.name}: {reason}")
    return found


def _says_more_than_what_it_is(path: Path) -> bool:
    statements = ast.parse(path.read_text(encoding="utf-8")).body
    return any(not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)) for one in statements)


def _imports(path: Path) -> Iterator[Import]:
    yield from _walk(ast.parse(path.read_text(encoding="utf-8"), str(path)), path, inside_function=False)


def _walk(node: ast.AST, path: Path, *, inside_function: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(node.lineno, alias.name, inside_function) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = _base_of(node, path)
        yield from (Import(node.lineno, f"{base}.{alias.name}", inside_function) for alias in node.names)
    inside = inside_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, path, inside_function=inside)


def _base_of(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    parts = path.parts[path.parts.index(PACKAGE) : -node.level]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _why_inside(item: Import) -> str:
    if item.inside_function and item.name.split(".")[0] == PACKAGE:
        return "an import inside a function hides a cycle: move what both need to where both may import it"
    return ""


def _why_not(area: str, name: str) -> str:
    parts = name.split(".")
    if parts[0] in {"tests", "bench"}:
        return "the product does not import its tests"
    if parts[0] != PACKAGE:
        return _why_not_library(area, name)
    target = parts[1] if len(parts) > 1 else ""
    if area in {"factory", "models", "__main__"} or target in {area, *FOUNDATION}:
        return _why_not_foundation(area, target)
    if area in SURFACES:
        return _why_not_surface(area, target, parts)
    if area in CAPABILITIES:
        if target not in CAPABILITIES[area]:
            return f"{area} may import {sorted(CAPABILITIES[area]) or 'nothing of ours'} (design section 1)"
        return _why_not_referrals(area, target, parts)
    return f"{area} is the ground that others stand on and imports none of them"


def _why_not_foundation(area: str, target: str) -> str:
    if area == "extensions" and target != area:
        return "extensions imports nothing of ours"
    if area in CAPABILITIES and target == "config":
        return "a capability is told what it needs as arguments; only web, api and cli read settings"
    return ""


def _why_not_surface(area: str, target: str, parts: list[str]) -> str:
    if target == "factory" and area == "cli":
        return ""
    if target == "models" and area == "cli" and len(parts) == 2:
        return ""  # makes all tables known; nothing can be taken from it
    if target not in CAPABILITIES:
        return f"{area} uses capabilities, not {target}: web, api and cli know nothing of each other"
    if "models" in parts[2:]:
        return f"{area} imports no models: views parse, call and render; ask a service, a query or a vocabulary"
    return _why_not_referrals(area, target, parts)


def _why_not_referrals(area: str, target: str, parts: list[str]) -> str:
    allowed = ONLY_FROM_REFERRALS.get(area)
    if target != "referrals" or allowed is None or (len(parts) > 2 and parts[2] in allowed):
        return ""
    return f"of referrals, {area} may import {sorted(allowed)} alone: that is the only way their data leaves"


def _why_not_library(area: str, name: str) -> str:
    library = name.split(".")[0]
    if area in {*CAPABILITIES, "common"} and library in WEB_LIBRARIES:
        return f"{area} knows no web framework: it takes a session, the actor and the time as arguments"
    in_session_only = any(name == allowed or name.startswith(f"{allowed}.") for allowed in SESSION_ONLY)
    if area in SURFACES and library == "sqlalchemy" and not in_session_only:
        return f"no SQL in {area}: put the query into the capability that owns the table"
    return ""
