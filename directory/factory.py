"""The application, put together in order."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from directory.api.problems import problem_response
from directory.api.registration import register_api
from directory.common.clock import utc_now
from directory.config import Settings
from directory.extensions import Database, init_database
from directory.insight.unmet import UnmetNeeds
from directory.referrals.keystore import Keystore
from directory.web.access import check_declarations, init_access
from directory.web.application import Application
from directory.web.assets import init_assets
from directory.web.errors import init_errors
from directory.web.logging import configure_logging, init_request_log
from directory.web.pages.registration import register_pages
from directory.web.rendering import init_rendering
from directory.web.security import init_security
from directory.web.session import init_csrf, init_sign_in


def create_app(settings: Settings, database: Database | None = None, clock: Callable[[], datetime] = utc_now) -> Flask:
    """A WSGI application on `settings`; `database` and `clock` are given by tests.

    What is done before each request happens in the order in which it is set up here. Raises UndeclaredAccessError when
    a route does not say who may use it, AssetsMissingError when the style sheet has not been built.
    """
    configure_logging()
    app = Application("directory", static_folder=None, template_folder=None)
    app.secret_key = settings.secret_key
    app.extensions.update(settings=settings, clock=clock, unmet_needs=UnmetNeeds())
    if settings.keystore_url:  # always, from the environment; settings made by hand may go without referrals
        app.extensions["keystore"] = Keystore(settings.keystore_url)
    init_request_log(app)
    init_database(app, database or Database(settings.database_url))
    init_sign_in(app, settings)
    init_security(app, settings)
    init_access(app)
    init_csrf(app)
    init_assets(app)
    init_rendering(app)
    register_pages(app)
    register_api(app)
    init_errors(app, settings, problem_response)
    check_declarations(app)
    return app
