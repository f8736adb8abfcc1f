"""Whether the process lives, and whether it can do its work. For machines; terse, because anybody may ask."""

from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from directory.common.migrate import revisions
from directory.extensions import Database, current_session
from directory.places.readiness import gazetteer_is_loaded
from directory.web.access import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
@public
def live() -> Response:
    """The process answers."""
    return _answer("ok", 200)


@blueprint.get("/health/ready")
@public
def ready() -> Response:
    """The database answers, has every migration and holds the gazetteer; else 503 and which of them is missing."""
    missing = _missing()
    return _answer(missing or "ok", 503 if missing else 200)


def _missing() -> str:
    database: Database = current_app.extensions["database"]
    try:
        current, newest = revisions(database.engine)
        if current != newest:
            return "migrations"
        return "" if gazetteer_is_loaded(current_session()) else "gazetteer"
    except SQLAlchemyError:
        return "database"


def _answer(word: str, status: int) -> Response:
    return Response(f"{word}\n", status, mimetype="text/plain")
