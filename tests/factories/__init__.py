"""Plain functions that put real rows into a test's database."""

from tests.factories.accounts import PASSWORD, user
from tests.factories.capacity import unit
from tests.factories.catalogue import EALING, HACKNEY, SOUTHWARK, guidance, organisation, service, taxonomies
from tests.factories.holds import hold

__all__ = [
    "EALING",
    "HACKNEY",
    "PASSWORD",
    "SOUTHWARK",
    "guidance",
    "hold",
    "organisation",
    "service",
    "taxonomies",
    "unit",
    "user",
]
