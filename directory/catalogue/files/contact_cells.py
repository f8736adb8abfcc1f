"""Cells that say how to reach a service: phone, e-mail, website, hours, languages, postcode."""

import re
from datetime import datetime
from urllib.parse import urlsplit

import phonenumbers
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # its stub forgets the error
from phonenumbers import shortnumberinfo
from rapidfuzz import process

from directory.catalogue.files.description import Cell
from directory.catalogue.files.errors import CellError
from directory.common.languages import language_names
from directory.places.postcodes import normalise_postcode

_PHONE_CHARACTERS = re.compile(r"\+?[0-9() .\-]+")
_EXTENSION = re.compile(r"[\s,;]*(?:extension|extn|ext|x|#)[.:]?\s*[0-9]{1,7}$", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*\.)+[A-Za-z]{2,63}")
_SCHEME_THAT_RUNS = re.compile(r"\s*(javascript|data|vbscript|file)\s*:", re.IGNORECASE)
_WRONG_AT = re.compile(r"--> \d+:(\d+)")
_EXPECTED = re.compile(r"= (expected .+)", re.DOTALL)


def _phone(text: str, _now: datetime) -> str:
    """A number that could be dialled from London.

    Only the shape is asked, not whether it is given out: Ofcom's numbers for drama, which the demonstration uses, are
    not. Short numbers (116 123) count where Ofcom knows them. An extension behind it stays as it is written.
    """
    allowed = ["020 7946 0123", "+44 20 7946 0123", "116 123", "020 7946 0123 ext 4"]
    dialled = _EXTENSION.sub("", text)
    if not _PHONE_CHARACTERS.fullmatch(dialled):
        raise CellError(
            "A phone number has digits, spaces, brackets, hyphens, a leading + and an extension only.", allowed
        )
    try:
        number = phonenumbers.parse(dialled, "GB")
    except phonenumbers.NumberParseException:
        raise CellError("It is not a phone number.", allowed) from None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE:
        return text
    if shortnumberinfo.is_valid_short_number_for_region(number, "GB"):
        return text
    raise CellError("It is not a phone number that can be dialled: too many digits, too few, or no area code.", allowed)


def _email(text: str, _now: datetime) -> str:
    if not _EMAIL.fullmatch(text) or ".." in text:
        raise CellError("It is not an e-mail address.", ["referrals@example.org"])
    return text


def _website(text: str, _now: datetime) -> str:
    allowed = ["https://www.example.org"]
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise CellError("It is not the address of a website.", allowed) from None
    if parts.scheme not in ("http", "https"):
        raise CellError("The address of a website begins with https:// or http://.", allowed)
    if re.search(r"[\s<>\"\\]", text) or "." not in host or parts.username is not None:
        raise CellError("It is not the address of a website.", allowed)
    return text


def _source(text: str, _now: datetime) -> str:
    if "\n" in text or "\t" in text:
        raise CellError("Write it on one line, without tabs.")
    if _SCHEME_THAT_RUNS.match(text):
        raise CellError("Say where the facts were read: a web address, or words.", ["https://www.example.org/about"])
    return text


def _hours(text: str, _now: datetime) -> str:
    """OpenStreetMap `opening_hours`, read by the parser that will answer "open now"."""
    allowed = ["Mo-Fr 09:00-17:00; PH off", "24/7"]
    if "\n" in text or "\t" in text:
        raise CellError("Write opening hours on one line.", allowed)
    try:
        OpeningHours(text)
    except ParserError as error:
        raise CellError(f"It is not in the OpenStreetMap opening_hours format: {_said(error)}.", allowed) from None
    return text


def _said(error: ParserError) -> str:
    """The parser's drawing of the mistake, as a sentence."""
    text = str(error).removeprefix("Failed to parse expression:")
    place, expected = _WRONG_AT.search(text), _EXPECTED.search(text)
    if place and expected:
        return f"at character {place[1]} it {expected[1].strip()}"
    return " ".join(text.split())


def _language(text: str, _now: datetime) -> str:
    names = language_names()
    if text in names:
        return text
    by_name = process.extract(text, names, limit=3, score_cutoff=75)
    close = [f"{code} ({name})" for name, _score, code in by_name]
    raise CellError("It is not an ISO 639 code of a language: two or three lower-case letters.", close or ["pa", "bfi"])


def _postcode(text: str, _now: datetime) -> str:
    tidied = normalise_postcode(text)
    if tidied is None:
        raise CellError("It is not a full postcode.", ["E8 3PN"])
    return tidied


PHONE = Cell(_phone)
EMAIL = Cell(_email)
WEBSITE = Cell(_website)
SOURCE = Cell(_source)
HOURS = Cell(_hours)
LANGUAGE = Cell(_language)
POSTCODE = Cell(_postcode, str, None)
