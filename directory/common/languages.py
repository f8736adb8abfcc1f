"""Languages by their ISO 639 codes, with the names people know them by (from CLDR, through Babel)."""

from functools import cache

from babel import Locale, UnknownLocaleError

_ENGLISH = Locale("en")
# CLDR names the spoken language groups; what refuges and interpreters book is one of these.
_EXTRA = {"bfi": "British Sign Language", "prs": "Dari"}


@cache
def language_names() -> dict[str, str]:
    """Every language code that can be asked for, with its English name, by name."""
    cldr = {
        code: name
        for code, name in _ENGLISH.languages.items()
        if code.isalpha() and 2 <= len(code) <= 3 and code not in {"mul", "und", "zxx", "root"}
    }
    return dict(sorted((cldr | _EXTRA).items(), key=lambda item: item[1]))


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
