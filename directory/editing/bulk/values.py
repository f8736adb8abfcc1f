"""From what people write in a cell to what the catalogue's files write. What cannot be read stays as it is, and is
refused by the checks that every import passes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from directory.catalogue.files import cells
from directory.catalogue.files.errors import CellError
from directory.catalogue.vocabulary import Gender
from directory.editing.bulk import words
from directory.editing.bulk.vocabulary import Vocabulary, plain

UK_DATE = "It was read as a UK date, day first: {}."
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00(\.0+)?)?Z?")
_NUMERIC = re.compile(
    r"([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:[ ,T]+([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?)?"
)
_WRITTEN = re.compile(
    r"(?:[A-Za-z]{3,9},? )?([0-9]{1,2})(?:st|nd|rd|th)?[ \-]([A-Za-z]{3,9})\.?,?[ \-]([0-9]{4}|[0-9]{2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHOLE = re.compile(r"([0-9]{1,9})\.0+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_DURATION = re.compile(r"([0-9]{1,4}) ?(minutes?|mins?|m|hours?|hrs?|h|days?|d)(?: working)?")
_MINUTES = {"m": 1, "h": 60, "d": 1440}
_WITHOUT_ZERO = re.compile(r"[1237][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Converted:
    """A cell as files write it, and a sentence where something had to be assumed."""

    text: str
    notice: str = ""


Convert = Callable[[str, Vocabulary, datetime], Converted]


def convert(column: str, text: str, vocabulary: Vocabulary, at: datetime) -> Converted:
    """A cell of the catalogue's column `column`, which is not empty. `at` is the moment from which durations count."""
    reader = _READERS.get(column)
    return reader(text, vocabulary, at) if reader else Converted(text)


def _one_of(of: str) -> Convert:
    """A code, or the name of one."""

    def read(text: str, vocabulary: Vocabulary, _at: datetime) -> Converted:
        return Converted(vocabulary.find(of, text) or text)

    return read


def _any_of(of: str) -> Convert:
    """Codes or names of them, with semicolons or lines between; commas and slashes where a name has none."""

    def read(text: str, vocabulary: Vocabulary, _at: datetime) -> Converted:
        items: dict[str, None] = {}
        for part in re.split(r"[;\n]", text):
            items |= dict.fromkeys(_split(part, of, vocabulary))
        return Converted(";".join(items))

    return read


def _split(part: str, of: str, vocabulary: Vocabulary, separators: str = ",/|•·+") -> list[str]:
    part = part.strip(" \u00a0\t*•·-–")
    if not part:
        return []
    found = vocabulary.find(of, part)
    if found is not None or not separators:
        return [found or part]
    pieces = part.split(separators[0])
    if len(pieces) == 1:
        return _split(part, of, vocabulary, separators[1:])
    return [item for piece in pieces for item in _split(piece, of, vocabulary, separators[1:])]


def _genders(text: str, vocabulary: Vocabulary, at: datetime) -> Converted:
    if plain(text) in words.ALL_GENDERS:
        return Converted(";".join(Gender))
    return _any_of("genders")(re.sub(r"(?i)\band\b|&", ";", text), vocabulary, at)


def _yes_no(text: str, _vocabulary: Vocabulary, _at: datetime) -> Converted:
    word = plain(text)
    return Converted("yes" if word in words.YES else "no" if word in words.NO else text)


def _day(text: str, _vocabulary: Vocabulary, _at: datetime) -> Converted:
    if match := _ISO_TIME.fullmatch(text):
        return Converted(match[1])
    return _uk(text) or Converted(text)


def _moment(text: str, _vocabulary: Vocabulary, at: datetime) -> Converted:
    if text.startswith(("P", "-P", "+P")):
        # The check and what is applied later must say the same, so a duration counts from when the sheet was uploaded.
        try:
            return Converted(cells.MOMENT.text(cells.MOMENT.read(text, at)))
        except CellError:
            return Converted(text)
    return _uk(text) or Converted(text)


def _uk(text: str) -> Converted | None:
    """A date as it is written in the United Kingdom, with or without a time; None for what is none."""
    if _ISO.match(text):
        return None
    if match := _NUMERIC.fullmatch(text):
        day, month, year = int(match[1]), int(match[3]), _year(match[4])
        time = f"T{int(match[5]):02}:{match[6]}" if match[5] else ""
    elif (match := _WRITTEN.fullmatch(text)) and match[2][:3].casefold() in _MONTHS:
        day, month, year, time = int(match[1]), _MONTHS.index(match[2][:3].casefold()) + 1, _year(match[3]), ""
        try:
            return Converted(date(year, month, day).isoformat())
        except ValueError:
            return None
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    # 13/04 can be read in one way only; 03/04 is the third of April here, and the fourth of March elsewhere.
    notice = UK_DATE.format(f"{day} {found:%B %Y}") if day <= 12 and day != month else ""
    return Converted(found.isoformat() + time, notice)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _number(text: str, _vocabulary: Vocabulary, _at: datetime) -> Converted:
    if match := _WHOLE.fullmatch(text):
        return Converted(match[1])
    return Converted(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)


def _minutes(text: str, vocabulary: Vocabulary, at: datetime) -> Converted:
    match = _DURATION.fullmatch(plain(text))
    if not match:
        return _number(text, vocabulary, at)
    length = timedelta(minutes=int(match[1]) * _MINUTES[match[2][0]])
    minutes = int(length.total_seconds() // 60)
    return Converted(str(minutes), "" if match[2][0] == "m" else f"It was read as {minutes} minutes.")


def _phone(text: str, _vocabulary: Vocabulary, _at: datetime) -> Converted:
    lost = _WITHOUT_ZERO.fullmatch(text)
    return Converted(
        text, "Spreadsheets drop a leading 0. If that happened here, format the cell as text." if lost else ""
    )


def _website(text: str, _vocabulary: Vocabulary, _at: datetime) -> Converted:
    if re.match(r"(?i)www\.[^\s@]+$", text):
        return Converted(f"https://{text}", "https:// was put before it.")
    return Converted(text)


def _email(text: str, _vocabulary: Vocabulary, _at: datetime) -> Converted:
    return Converted(re.sub(r"(?i)^mailto:", "", text))


def _hours(text: str, _vocabulary: Vocabulary, _at: datetime) -> Converted:
    return Converted("24/7" if plain(text) in words.ROUND_THE_CLOCK else text)


_READERS: dict[str, Convert] = {
    "organisation_id": _one_of("organisations"),
    "service_id": _one_of("services"),
    "by_and_for": _yes_no,
    "communities": _any_of("communities"),
    "needs": _any_of("needs"),
    "languages": _any_of("languages"),
    "genders": _genders,
    "areas": _any_of("areas"),
    "access_features": _any_of("access_features"),
    "not_from": _any_of("boroughs"),
    "borough": _one_of("boroughs"),
    "kind": _one_of("kinds"),
    "status": _one_of("statuses"),
    "accepts_nrpf": _one_of("nrpf"),
    "location_disclosure": _one_of("disclosures"),
    "ringfence": _one_of("ringfences"),
    "state": _one_of("states"),
    "website": _website,
    "email": _email,
    "referral_email": _email,
    "phone": _phone,
    "professional_phone": _phone,
    "hours": _hours,
    "verified_on": _day,
    "active_from": _day,
    "active_until": _day,
    "confirmed_at": _moment,
    "min_age": _number,
    "max_age": _number,
    "bedspaces": _number,
    "max_adults": _number,
    "max_children": _number,
    "boys_max_age": _number,
    "response_target_minutes": _minutes,
}
