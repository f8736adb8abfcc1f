"""The word lists: what stands in `data/`, read once.

A line that begins with # is a comment. Words are lower case; phrases keep the case that people write.
"""

import re
from functools import cache
from pathlib import Path

import pycountry
from babel import Locale

DATA = Path(__file__).resolve().parent / "data"
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
# Languages of London that the standard list calls otherwise.
_OTHER_LANGUAGES = (
    *("bengali", "bangla", "sylheti", "dari", "farsi", "pashto", "pushto", "sorani", "kurmanji", "badini", "bahdini"),
    *(
        "mandarin",
        "cantonese",
        "hakka",
        "hokkien",
        "tagalog",
        "filipino",
        "patois",
        "pidgin",
        "creole",
        "kriolu",
        "krio",
    ),
    *("makaton", "bsl", "lingala", "kikongo", "tigrinya", "oromo", "amharic", "somali", "maay", "bravanese", "edo"),
    *(
        "mirpuri",
        "pahari",
        "pahari-pothwari",
        "potwari",
        "pothwari",
        "hindko",
        "saraiki",
        "sinhala",
        "sinhalese",
        "twi",
    ),
    *("moldovan", "serbo-croat", "serbo-croatian", "castilian", "farsi", "romanes", "romani", "brazilian", "flemish"),
)
# Countries are read from the standard; these are what people say besides, with cities whose name tells a country.
_OTHER_COUNTRIES = (
    *("america", "usa", "uae", "drc", "congo", "ivory coast", "cape verde", "kurdistan", "punjab", "kashmir", "tibet"),
    *(
        "palestine",
        "gaza",
        "west bank",
        "persia",
        "burma",
        "somaliland",
        "tigray",
        "bengal",
        "eire",
        "holland",
        "swaziland",
    ),
    *(
        "ireland",
        "republic of ireland",
        "southern ireland",
        "hong kong",
        "africa",
        "asia",
        "west africa",
        "east africa",
    ),
    *(
        "south asia",
        "middle east",
        "eastern europe",
        "latin america",
        "south america",
        "caribbean",
        "west indies",
        "saudi",
    ),
    *("phillipines", "philipines", "philippines", "czech republic", "macedonia", "russia", "syria", "iran", "turkey"),
    *(
        "vietnam",
        "venezuela",
        "bolivia",
        "moldova",
        "tanzania",
        "south korea",
        "north korea",
        "korea",
        "laos",
        "brunei",
    ),
    *(
        "lagos",
        "abuja",
        "kano",
        "benin city",
        "ibadan",
        "mogadishu",
        "hargeisa",
        "dhaka",
        "sylhet",
        "karachi",
        "lahore",
    ),
    *(
        "islamabad",
        "rawalpindi",
        "peshawar",
        "mirpur",
        "kabul",
        "herat",
        "tehran",
        "istanbul",
        "ankara",
        "izmir",
        "delhi",
    ),
    *("new delhi", "mumbai", "bombay", "kolkata", "calcutta", "chennai", "kerala", "gujarat", "tamil nadu", "colombo"),
    *("jaffna", "kathmandu", "warsaw", "krakow", "bucharest", "tirana", "pristina", "sofia bulgaria", "kyiv", "kiev"),
    *("odesa", "moscow", "vilnius", "riga", "minsk", "chisinau", "accra", "kumasi", "kinshasa", "addis ababa", "addis"),
    *(
        "asmara",
        "khartoum",
        "nairobi",
        "mombasa",
        "kampala",
        "harare",
        "bulawayo",
        "freetown",
        "banjul",
        "dakar",
        "abidjan",
    ),
    *("douala", "yaounde", "luanda", "manila", "cebu", "bogota", "sao paulo", "rio de janeiro", "goiania", "caracas"),
    *(
        "quito",
        "baghdad",
        "erbil",
        "sulaymaniyah",
        "mosul",
        "damascus",
        "aleppo",
        "beirut",
        "amman",
        "cairo",
        "alexandria",
    ),
    *(
        "casablanca",
        "algiers",
        "tripoli",
        "sanaa",
        "hanoi",
        "saigon",
        "beijing",
        "shanghai",
        "guangzhou",
        "fujian",
        "bangkok",
    ),
)
_AT_HOME = {"united kingdom", "jersey", "guernsey", "isle of man", "gibraltar"}


def _lines(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line.split())


@cache
def rule_words(heading: str) -> frozenset[str]:
    """The short list under `heading` in `rule_words.txt`. Raises KeyError where there is none."""
    return _rule_words()[heading]


@cache
def _rule_words() -> dict[str, frozenset[str]]:
    sections: dict[str, list[str]] = {}
    heading = ""
    for line in _lines("rule_words.txt"):
        if line.startswith("["):
            heading = line.strip("[]")
        else:
            sections.setdefault(heading, []).extend(line.split())
    return {heading: frozenset(words) for heading, words in sections.items()}


@cache
def names_that_are_words() -> frozenset[str]:
    """First names that are also ordinary words, places or months."""
    return _words("names_that_are_words.txt")


@cache
def first_names() -> frozenset[str]:
    """Names that are nothing else."""
    return _words("first_names.txt") - names_that_are_words()


@cache
def ordinary_words() -> frozenset[str]:
    """Words that stand in notes and are no names, whatever their case."""
    return (_words("everyday_words.txt") | _words("field_words.txt")) - first_names()


@cache
def demonyms() -> frozenset[str]:
    """Single words for nationalities, peoples and ethnic groups."""
    return _words("peoples.txt")


@cache
def languages() -> frozenset[str]:
    """Names of languages, one word each."""
    spoken = {name.lower() for code, name in Locale("en").languages.items() if len(code) <= 3}
    return frozenset(name for name in spoken if name.isalpha()) | frozenset(_OTHER_LANGUAGES)


@cache
def countries() -> frozenset[str]:
    """Countries, world regions and their great cities, in lower case, without those of this kingdom."""
    found = set(_OTHER_COUNTRIES)
    for country in pycountry.countries:
        found |= {country.name.lower(), getattr(country, "common_name", country.name).lower()}
        found.add(Locale("en").territories.get(country.alpha_2, country.name).lower())
    return frozenset(re.sub(r"[’']", "'", name).partition(",")[0] for name in found) - _AT_HOME


def tokens(text: str) -> tuple[str, ...]:
    """The words of a phrase as phrases are compared: lower case, without apostrophes."""
    return tuple(token.replace("'", "") for token in _TOKEN.findall(text.lower().replace("’", "'")))


@cache
def places() -> frozenset[tuple[str, ...]]:
    """Places of London and the country, as `tokens`."""
    return frozenset(tokens(place) for place in " ".join(_lines("places.txt")).split(";") if place.strip())


@cache
def words_of_places() -> frozenset[str]:
    """Every word in the name of a place."""
    return frozenset(word for place in places() for word in place)


@cache
def organisations() -> frozenset[tuple[str, ...]]:
    """Organisations and schemes that notes mention, as `tokens`."""
    return frozenset(tokens(line) for line in _lines("organisations.txt"))
