"""geopy's own network, switched off: a place somebody is looking for never leaves the building.

Importing this module is enough, and every module here that uses geopy does.
"""

from typing import Any, NoReturn

from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeopyError
from geopy.geocoders import options


class NetworkSwitchedOffError(GeopyError):  # type: ignore[misc]  # geopy has no type hints
    """Some code asked a geocoder that would have called a third party."""


class OfflineAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no type hints
    """What geopy's geocoders get instead of an HTTP client. It has no socket to open."""

    def get_json(self, url: str, *, timeout: Any, headers: Any) -> NoReturn:
        """Raise NetworkSwitchedOffError."""
        _refuse()

    def get_text(self, url: str, *, timeout: Any, headers: Any) -> NoReturn:
        """Raise NetworkSwitchedOffError."""
        _refuse()


def _refuse() -> NoReturn:
    # The address is left out on purpose: it would carry what was asked for into a log.
    raise NetworkSwitchedOffError(
        "Geocoding is offline here: use directory.places.lookup or directory.places.geocoder.Gazetteer."
    )


options.default_adapter_factory = OfflineAdapter
