"""How templates write dates, telephone numbers, languages and lists."""

from collections.abc import Callable, Sequence
from typing import Any

import phonenumbers
from markupsafe import Markup

from directory.common.dates import ago, as_date, as_date_time, as_time, duration
from directory.common.languages import autonym, language_name
from directory.web.markdown import markdown


def phone_link(number: str) -> str:
    """The address that calls `number` with one tap: `tel:+442079460520`."""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return "tel:" + "".join(character for character in number if character.isdigit() or character == "+")
    if len(str(parsed.national_number)) < 7:
        # 999, 101 and 116 123 are dialled as they are, without a country's code.
        return f"tel:{parsed.national_number}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.RFC3966).replace("-", "")


def language_with_autonym(code: str) -> str:
    """A language in English with its own name for itself: `Punjabi (ਪੰਜਾਬੀ)`; an unknown code as it is.

    The second is marked as being in that language, so that a screen reader does not read it as English.
    """
    own = autonym(code)
    if not own:
        return language_name(code)
    return Markup('{} (<bdi lang="{}">{}</bdi>)').format(language_name(code), code, own[:1].upper() + own[1:])


def in_a_sentence(names: Sequence[str]) -> str:
    """Names as a sentence has them: `Barnet, Camden and Hackney`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


FILTERS: dict[str, Callable[..., Any]] = {
    "as_date": as_date,
    "as_time": as_time,
    "as_date_time": as_date_time,
    "ago": ago,
    "duration": duration,
    "phone_link": phone_link,
    "language_name": language_with_autonym,
    "in_a_sentence": in_a_sentence,
    "markdown": markdown,
}
