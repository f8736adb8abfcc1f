"""Full postcodes and street addresses. A borough, a district or "E8" alone passes."""

import re
from collections.abc import Iterator

from directory.screening.page import Page, Span, inside

# The second half never has C, I, K, M, O or V, so "E8 3pm" is no postcode.
_POSTCODE = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{1,2}[0-9][a-z0-9]?|gir)[\s\-_.,]{0,3}[0-9o][abd-hjlnp-uw-z]{2}(?![a-z0-9])"
)
_SPACED_POSTCODE = re.compile(
    r"(?<![a-z0-9])[a-z](?: [a-z])? [0-9](?: [0-9a-z])? {1,3}[0-9] [abd-hjlnp-uw-z] [abd-hjlnp-uw-z](?![a-z0-9])"
)
_NO_POSTCODE = re.compile(r"[0-9]\s?(?:st|nd|rd|th|hr)$")
_STRONG = (
    r"(?:road|rd|street|avenue|ave|lane|crescent|cres|mews|boulevard|blvd|terrace|gardens|gdns|grove|estate|mansions"
    r"|buildings|cottages?|villas|parade|embankment)"
)
_WEAK = (
    r"(?:st|str|ln|sq|dr|drive|close|cl|court|ct|place|pl|way|walk|row|rise|hill|green|vale|yard|wharf|square|gate"
    r"|tower|towers|house|lodge|heights|point|broadway|park|common|view|quay|path|hse|crt|side|end|reach|fields"
    r"|meadow|orchard)"
)
_COUNTED = (
    r"(?:hours?|hrs?|h|min(?:ute)?s?|days?|weeks?|wks?|months?|mths?|years?|yrs?|yo|y/o|steps?|sessions?|beds?"
    r"|bedrooms?|bedspaces?|rooms?|adults?|wom[ae]n|children|child|kids?|boys?|girls?|people|families|households"
    r"|places?|spaces?|miles?|mi|km|nights?|times|more|other|or|and|to|of|for|in|on|at|from|off|until|till|am|pm"
    r"|bags?|buses|stops?|streets?|roads?|doors?|units?|metres?|meters?|m|the|is|was|has|with|ft|mile|month|week|day"
    r"|year|year-old|yr|officers?|pound|quid|percent|x|th|st|nd|rd|week's)"
)
_NUMBER = r"(?<![\w.:/£#-])\d{1,4}\s?[a-h]?(?:\s?[-/]\s?\d{1,4}[a-h]?)?,?\s+"
_WORD = (
    r"(?!(?:in|on|at|to|the|and|or|for|with|her|his|a|an|is|was|by|from|of|this|next|going|been|off|until|only|if"
    r"|kids|children|mins?)\b)[a-z][\w'.-]*\s+"
)
_STREETS = (
    rf"{_NUMBER}(?!{_COUNTED}\b)(?:{_WORD}){{1,3}}{_STRONG}\b",
    rf"{_NUMBER}(?!{_COUNTED}\b)(?:{_WORD}){{1,2}}{_WEAK}\b",
    r"\b(?:flat|flt|apartment|apt|maisonette|studio flat|bedsit)\s*(?:no\.?|number|num"
    r"|#)?\s*\d+\s?[a-h]?\b(?!\s?(?:bed|share|mate))",
    r"\b(?:flat|flt|apartment|apt)\s(?-i:[A-H])\b|\bflat\s[a-h],?\s\d",
    r"\b(?:lives?|living|live|staying|stays|stay|address|house|home|she'?s|based|door|next door|hiding|resides?"
    r"|residing|property)\s(?:is\s|number\s|at\s|no\.?\s|in\s|currently\s|with \w+ at\s)*(?:at\s|is\s|number\s"
    r"|no\.?\s|:)\s*(?:number\s|no\.?\s|flat\s)?\d{1,4}[a-h]?\b(?!\s?(?:am|pm|weeks?|months?|days?|hrs?|hours|yrs?"
    r"|years|st|nd|rd|th|:|\.\d|people|kids|children|adults|miles|degrees))",
    rf"\b{_STRONG}[,\s]+(?:number|no\.?|at)\s?\d+|\b(?:house|door)\s(?:number|no\.?)\s?\d+",
    r"///\s?\w+\.\w+\.\w+|\b(?:maps\.|goo\.gl/maps|maps\.app|what3words|w3w\.co)\S*"
    r"|\b5[0-9]\.[0-9]{3,}\D{1,6}-?[0-9]\.[0-9]{3,}",
    r"\b(?:p\.?o\.? box)\s?\d+",
)
_FOUND = re.compile("|".join(street.replace("(?-i:[A-H])", "[a-h]\\\\b(?=\\\\s*(?:,|\\\\d|$))") for street in _STREETS))
# A street's name alone.
_CAPITAL_STREET = re.compile(
    r"\b(?!(?:High|Main|The|Old|Same|Her|His|Our|Your|Next|Side|Back|This|That|A|On|In|Down|Up|Across|Over|Off"
    r"|Bronze|Silver|Gold|Street|Memory|Fast|Bus|Coronation|Easy|Sesame|Downing|His|At|From|Near|By)\b)"
    r"(?:[A-Z][\w'’.-]+\s+){1,3}(?:Road|ROAD|Rd|RD|Street|STREET|Avenue|AVENUE|Ave|AVE|Lane|LANE|Crescent|CRESCENT"
    r"|Cres|Mews|Grove|Terrace|Close|CLOSE|Gardens|Gdns|Drive|Estate|Mansions|Way|Walk)\b"
    r"(?!\s+(?:[Ss]tation|[Ss]tn|[Tt]ube|[Oo]verground|[Pp]olice|[Hh]ospital|[Cc]linic|[Ss]urgery|[Ss]chool"
    r"|[Hh]ostel|[Rr]efuge|[Nn]ick|[Cc]ustody|[Cc]ourt|[Hh]ealth|[Mm]edical|[Ll]ibrary|[Cc]entre|[Pp]rimary|[Tt]eam"
    r"|[Mm]agistrates|[Cc]ounty|[Hh]ub|[Bb]us))"
)
_LOWER_STREET = re.compile(
    r"\b(?:on|at|in|off|near|down|up|along|lives?|by|from|of|behind|opposite|address:?|outside|round"
    r"|around)\s+(?!(?:the|a|an|her|his|our|your|their|same|next|this|that|main|high|busy|one|another|other|my"
    r"|which|every|side|back|our|dark|quiet|open|public|whole|wrong|right|old|local|middle|any|rail|bus|cycle|fast"
    r"|slow|street)\b)"
    r"(?:[a-z][a-z'’.-]+\s+){1,2}(?:road|rd|street|avenue|ave|crescent|cres|mews|lane|gardens"
    r"|estate)\b(?!\s+(?:station|stn|tube|overground|police|hospital|clinic|surgery|school|nick|custody|court"
    r"|health|medical|library|centre|safety|works|bus|home|homeless|map))"
)
_NOT_LOWER = re.compile(
    r"\b(?:the|a|an|her|his|our|same|main|high|this|that|of|and|to|middle|on|off|in|side|back|for)\s+(?:road|rd"
    r"|street|avenue|lane|estate|crescent|gardens)\b"
)


def find(page: Page) -> Iterator[Span]:
    """Where `page` holds a full postcode or a street address."""
    for pattern in (_POSTCODE, _SPACED_POSTCODE):
        for match in pattern.finditer(page.lower):
            if not _NO_POSTCODE.search(match[0]):
                yield match.span()
    for match in _FOUND.finditer(page.lower):
        yield match.span()
    for match in _CAPITAL_STREET.finditer(page.text):
        if not inside(match.span(), page.known) and not _within_known(page, match):
            yield match.span()
    for match in _LOWER_STREET.finditer(page.lower):
        if not _NOT_LOWER.search(match[0]) and not _within_known(page, match):
            yield match.span()


def _within_known(page: Page, match: re.Match[str]) -> bool:
    """Whether a place that is known by that name ends here: "to Liverpool Street"."""
    return any(end == match.end() or (start <= match.start() and match.end() <= end) for start, end in page.known)
