"""What a template gets for a name that is not there."""

from typing import Any

from jinja2 import ChainableUndefined, StrictUndefined, Undefined
from jinja2.utils import missing


class PageUndefined(Undefined):
    """A name that is missing is an error, except where the GOV.UK macros rely on silence.

    Those read options that nobody gave out of a dict, and use an `if` without an `else`; anything else that is
    missing, such as a field that a page's dataclass does not have, raises UndefinedError.
    """

    def __new__(  # type: ignore[misc]
        cls, hint: str | None = None, obj: Any = missing, name: str | None = None, *args: Any
    ) -> Undefined:
        """A lenient or a strict stand-in for what is missing."""
        an_option = isinstance(obj, dict | Undefined)
        no_else = obj is missing and name is None
        lenient = an_option or no_else or name == "caller"
        return (ChainableUndefined if lenient else StrictUndefined)(hint, obj, name, *args)
