"""The kind of Flask application that this is."""

from typing import Any

from flask import Flask

from directory.web.logging import log_failure
from directory.web.undefined import PageUndefined


class Application(Flask):
    """A Flask application whose templates are strict and whose log never quotes an error's message."""

    # Libraries make Jinja's environment when they are joined to the application, so its options stand here.
    jinja_options = {  # noqa: RUF012 - Flask declares it so
        "undefined": PageUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }

    def log_exception(self, exc_info: Any) -> None:
        """Log what Flask would log with its message."""
        log_failure(exc_info[1])
