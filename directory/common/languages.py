"""Languages by their ISO 639 codes: two letters where a language has them, else three (ISO 639-3)."""

from functools import cache

import pycountry
from babel import Locale, UnknownLocaleError

_ENGLISH = Locale("en")
# Where people in this field say something shorter than the standard does.
_USUAL = {"bfi": "British Sign Language", "prs": "Dari"}


@cache
def language_names() -> dict[str, str]:
    """Every language code that can be asked for, with its English name, by name.

    The names are CLDR's, which people know; for the languages that CLDR does not name, those of the standard.
    """
    standard = {getattr(language, "alpha_2", language.alpha_3): language.name for language in pycountry.languages}
    known = {code: name for code, name in _ENGLISH.languages.items() if code in standard}
    return dict(sorted((standard | known | _USUAL).items(), key=lambda item: item[1]))


def language_name(code: str) -> str:
    """The English name of a language, or its code where nobody has named it."""
    return language_names().get(code, code)


@cache
def autonym(code: str) -> str | None:
    """What speakers of a language call it, where that is known and differs from the English name."""
    try:
        name = Locale.parse(code).get_language_name(code)
    except (UnknownLocaleError, ValueError):
        return None
    return name if name and name != language_name(code) else None
