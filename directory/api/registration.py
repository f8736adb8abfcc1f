"""Joining the API to the application."""

from flask import Flask

from directory.api import access, holds, oruk, problems, v1
from directory.common.rate_limit import RateLimit
from directory.config import Settings
from directory.extensions import csrf

# Once, when this is first imported: a process may make several applications, as the tests do.
_BLUEPRINTS = (v1.blueprint, holds.blueprint, oruk.blueprint)
for blueprint in _BLUEPRINTS:
    blueprint.before_request(access.check_token)
    blueprint.register_error_handler(problems.ApiError, problems.problem_response)


def register_api(app: Flask) -> None:
    """Add the API's routes, its token check and its error body. Bearer tokens need no CSRF protection."""
    settings: Settings = app.extensions["settings"]
    app.extensions["api_rate_limit"] = RateLimit(settings.api_requests_per_minute)
    for blueprint in _BLUEPRINTS:
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
