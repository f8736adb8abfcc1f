"""Where somebody comes from: nationality, country, ethnicity, religion. Languages and organisations pass."""

import re
from collections.abc import Iterator
from functools import cache

from directory.screening import lists
from directory.screening.disguises import nearest
from directory.screening.page import Page, Span, Word, by_first, overlaps, phrases
from directory.screening.patterns import spaced

_PERSON = (
    r"(?:wom[ae]n|lady|ladies|females?|males?|m[ae]n|girls?|boys?|person|people|family|families|mums?|mother"
    r"|clients?|victims?|survivors?|"
    r"couple|child|children|kids?|bab(?:y|ies)|teen\w*|heritage|background|origin|descent|national\w*|citizen\w*"
    r"|community|guy|bloke|"
    r"husband|wife|partner|parents?|in-?laws|ethnic\w*|male|adult|IP|vic|perp\w*|suspect|partner|household"
    r"|boyfriend|girlfriend)"
)
_COLOURS = r"(?:black|white|brown|mixed|dual)"
_SUBJECT = (
    r"(?:she|he|they|client|victim|woman|lady|mum|mother|father|partner|husband|wife|perp\w*|suspect|family|IP|both)"
)
_PHRASES = (
    rf"\b{_COLOURS}[ /-](?:african|british|caribbean|asian|european|other|english|irish|white|race|heritage)\b(?!"
    rf" out\b| goods\b)",
    r"\b(?:black|white) and (?:asian|african|caribbean)\b",
    rf"\b{_COLOURS} (?:\w+ )?{_PERSON}\b(?! (?:hair|coat|jacket|dress|top|trousers|bag|t-?shirt))",
    rf"\b{_SUBJECT}(?:'s| is| was| are|s|)? (?:an? )?(?:black|white|brown)\b(?! (?:and blue|belt|hair|coat|eye"
    rf"|listed|jacket|top|out|shirt|van|car|bag))",
    r"\bic ?[1-9]\b|\bmixed[ -](?:race|heritage|ethnicity|white|parentage)\b|\bdual[ -](?:heritage|national\w*"
    r"|citizen\w*)",
    r"\b(?:south|north|east|west|latin|central|southern|eastern|western)[ -](?:east[ -]?)?(?:asian?|africans?"
    r"|american|european|indian)s?\b(?!'s)",
    r"\b(?:middle[ -]eastern(?:er)?|latin american?s?|sri[ -]lankans?|saudi(?: arabian)?s?|sierra leonean?s?|cape"
    r" verdeans?|new zealanders?|puerto ricans?|costa ricans?|hong ?kongers?|burkinab\w*|papuan)\b",
    r"\b(?:global majority|bame|bme|poc|minority ethnic|ethnic minority) (?:wom[ae]n|lady|client|victim|family"
    r"|female|person|male)\b",
    r"\bnationalit(?:y|ies)\b|\bethnic(?:ity|ally|ities)\b(?! monitoring)|\bethnic (?:origin|group|background)\b"
    r"|\bcountry of (?:birth|origin)\b|\brace is\b|\bskin (?:colour|color|tone)\b",
    r"\b(?:her|his|their) (?:faith|religion|caste|tribe|clan|race) is\b|\b(?:faith|religion|caste|tribe"
    r"|clan)\s?[:=]\s?(?!leader|group|belief|school|based|communit|need|is not|not|organi|or\b|none)[a-z]+",
    r"\b(?:(?:non[- ])?muslims?|moslems?|christians?|hindus?|sikhs?|jews?|jewish|buddhists?|catholics?|protestants?"
    r"|pentecostal|evangelical|baptist|methodist|"
    r"anglican|mormon|quaker|jain|zoroastrian|rastafari\w*|rasta|ahmadi(?:yya)?|ismaili|sunni|shia|shi'?ite|haredi"
    r"|hasidic|charedi|chassidic|alevi|druze|jehovah'?s? witness(?:es)?|baha'?i|atheist|islam|islamic|hinduism"
    r"|sikhism|christianity|judaism)\b",
    r"\b(?:orthodox) (?:jew\w*|christian\w*|family|community|wom[ae]n|church)\b|\bstrictly orthodox\b",
    r"\b(?:gypsy|gypsies|gypsey|pikey|gyppo)\b|\b(?:irish |romany |new age )?travellers? (?:family|community"
    r"|wom[ae]n|site|lady|background|girl|man|heritage)|\b(?:is|from) (?:an? |the )?travell(?:er|ing) (?:community"
    r"|family)?",
    r"\b(?:is|was|from) (?:an? |the )?traveller\b|\bforeign (?:born|wife|bride|girl|wom[ae]n|lady|accent)\b"
    r"|\b(?:not|isn'?t) (?:british|english|from (?:the )?(?:uk|england|britain))\b|\bborn (?:abroad|overseas"
    r"|outside)\b",
    r"\b(?:oriental|hijabi|sub-saharan|foreign(?! (?:object|office|exchange|body|holiday))|revert)\b|\b(?:brahmin"
    r"|dalit|jat|rajput|pathan)\b|\b(?:paki|chink|wog)s?\b|\b(?:turk|pole|dane|swede|finn|scot|arab|kurd|brit|serb"
    r"|croat|tamil|pashtun|thai|filipina|filipino|latina|latino)s\b",
)
_FOUND = re.compile("|".join(spaced(phrase) for phrase in _PHRASES), re.IGNORECASE)
# What makes a religion, a people or a country part of another thing's name.
_OF_ANOTHER_THING = re.compile(
    r"['s]*\s+(?:restaurants?|takeaways?|food|meals?|cooking|shop|supermarket|cafe|café|grocer\w*|market|road|rd"
    r"|street|st|lane|avenue|park|square|terrace|quay|pub|bulldog|shepherd|"
    r"school|primary|academy|sign|transport|red\s+cross|gas|library|museum|airways|standard|summer|aid|(?:led"
    r" )?services?|staff|charit\w+|resource"
    r"|welfare|women'?s|helpline|organi[sz]ation|centre|"
    r"class(?:es)?|lessons?|course|level|gcse|homework|teacher|cottage|embankment|dressing|cuisine|dishes|bread"
    r"|rice)\b",
    re.IGNORECASE,
)
_SPOKEN_AFTER = re.compile(
    r"(?:speaking|speakers?$|interpret|interp$|terp|translat|language|lang$|dialect|leaflet|subtitle|tongue)"
)
# "She is Polish, no English" says where she comes from all the same.
_SAID_OF_A_PERSON = re.compile(
    rf"\b(?:{_SUBJECT}|i|i'm|she'?s|he'?s|they'?re|theyre|who)(?:'s|'re| is| are| was| were)?(?: \w+ly| both| also|"
    rf" a| an| originally)? $"
)
# "Polish woman", but not "Polish woman interpreter" or "Polish female speaker".
_OF_A_PERSON = re.compile(
    rf"\s+(?:\w+\s+)?{_PERSON}\b(?!\s+(?:interpret|speak|translat|staff|worker|terp|support|advocate|keyworker|voice))"
)
_SPOKEN_AT_ONCE = re.compile(r"[\s-]+(?:\w+[\s-]+)?(?:speak(?:ing|ers?)|interpret\w*|translat\w*|language)\b")
_FILLER = lists.rule_words("peoples: filler")
_SPOKEN_BEFORE = lists.rule_words("peoples: spoken before")
_COUNTRY_HOLIDAY = re.compile(
    r"(?:holiday|holidays|half term|weekend|trip|hols|business|stag do|flight)\s+(?:\w+\s+)?(?:in|to|from)\s+$"
)
_NEEDS_CAPITAL = lists.rule_words("peoples: needs capital")
_ISLES = frozenset(("england", "scotland", "wales", "british"))


def find(page: Page) -> Iterator[Span]:
    """Where `page` says where somebody comes from or belongs, by country, people, skin or religion."""
    for match in _FOUND.finditer(page.text):
        if not overlaps(match.span(), page.organisations) and not _OF_ANOTHER_THING.match(page.text, match.end()):
            yield match.span()
    for start, end in phrases(page.words, _countries()):
        if _tells_country(page, (start, end), page.lower[start:end]):
            yield start, end
    for index, word in enumerate(page.words):
        people = _people(word)
        if people and _tells_people(page, index, people):
            yield word.start, word.end
    yield from page.plain.flags


@cache
def _countries() -> dict[str, list[tuple[str, ...]]]:
    return by_first(frozenset(lists.tokens(name) for name in lists.countries()))


def _tells_country(page: Page, span: Span, name: str) -> bool:
    if name in _ISLES or overlaps(span, page.known) or _OF_ANOTHER_THING.match(page.text, span[1]):
        return False
    before = page.before(span[0])
    if name in _NEEDS_CAPITAL and not page.text[span[0]].isupper() and not re.search(r"(?:from|in|to)\s+$", before):
        return False
    return not _COUNTRY_HOLIDAY.search(before)


@cache
def _people_by_length() -> tuple[str, ...]:
    """Those long enough to be misspelt and still known."""
    return tuple(sorted(name for name in lists.demonyms() | lists.countries() if len(name) >= 6 and name.isalpha()))


def _people_named(base: str) -> str | None:
    for form in (base, base.removesuffix("s"), base.removesuffix("es")):
        if form in lists.demonyms():
            return form
    if (
        len(base) < 6
        or base in lists.ordinary_words()
        or base in lists.languages()
        or base in lists.first_names()
        or base.endswith("speaking")
    ):
        return None
    if base in lists.words_of_places():
        return None
    return nearest(base, _people_by_length())


def _people(word: Word) -> str | None:
    """The people that a word means, or None."""
    if not word.base.isalpha():
        return None
    if (
        word.base in _NEEDS_CAPITAL | {"poles", "scots", "finns"}
        and not word.text[0].isupper()
        and word.base not in {"polish", "thai"}
    ):
        return None
    return _people_named(word.base)


def _tells_people(page: Page, index: int, people: str) -> bool:
    word = page.words[index]
    if overlaps((word.start, word.end), page.known) or _OF_ANOTHER_THING.match(page.text, word.end):
        return False
    if _OF_A_PERSON.match(page.lower, word.end):
        return True
    if people == "arabic" or (people in lists.languages() and _is_spoken(page, index)):
        return False
    if people == "english":
        return bool(re.match(rf"\s+{_PERSON}\b", page.text[word.end :], re.IGNORECASE)) or bool(
            re.search(r"\b(?:she|he|client|victim|is|are)(?:'s| is)?(?: both| white)? $", page.before(word.start))
        )
    return True


def _is_spoken(page: Page, index: int) -> bool:
    """Whether the sentence speaks of a language here: "speaks Polish", "Polish or Romanian interpreter"."""
    word = page.words[index]
    if _SAID_OF_A_PERSON.search(page.before(word.start)) and not _SPOKEN_AT_ONCE.match(page.lower, word.end):
        return False
    return _leads_to(page, index, -1, _SPOKEN_BEFORE) or _leads_to(page, index, 1, frozenset()) or _alone(page, index)


def _leads_to(page: Page, index: int, step: int, goals: frozenset[str]) -> bool:
    """Whether languages and filler words alone lie between here and a word about speaking."""
    at = index
    while 0 <= at + step < len(page.words):
        gap = _gap(page, at, at + step)
        if re.search(r"[.;!?\n]", gap):
            return False
        at += step
        base = page.words[at].base
        if base in goals or (step > 0 and _SPOKEN_AFTER.match(base)):
            return True
        if base not in _FILLER and base not in lists.languages() and base.removesuffix("s") not in lists.languages():
            return False
    return False


def _gap(page: Page, one: int, other: int) -> str:
    first, second = sorted((one, other))
    return page.text[page.words[first].end : page.words[second].start]


def _alone(page: Page, index: int) -> bool:
    """ "Polish only, no English": a language with English beside it."""
    word = page.words[index]
    around = page.lower[max(0, word.start - 30) : word.end + 40]
    return (
        bool(
            re.match(r"\s+only\b", page.lower[word.end :])
            or re.search(r"\b(?:no|little|some|limited|basic|broken|or)\s+english\b", around)
        )
        and not re.search(r"\b(?:but|speaks?|though|however)\b", page.lower[word.end : word.end + 40])
        and not re.match(rf"\s+{_PERSON}\b", page.text[word.end :], re.IGNORECASE)
    )
