"""The WSGI entry point: `gunicorn wsgi:app`."""

from directory.config import Settings
from directory.factory import create_app

app = create_app(Settings.from_environment())
