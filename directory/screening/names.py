"""Names of people: with titles, after words that introduce one, from the list, or by an unexplained capital letter."""

import re
from collections.abc import Iterator
from functools import cache

from directory.screening import lists
from directory.screening.disguises import spelt_out
from directory.screening.ordinary import is_ordinary, is_slip
from directory.screening.page import Page, Span, Word, inside, overlaps

_FORMAL = frozenset(["mr", "mrs", "ms", "mx", "messrs", "mister", "missus", "mstr"])
_TITLES = lists.rule_words("names: titles")
_RANKS = lists.rule_words("names: ranks")
_WITH_RANK = lists.rule_words("names: with rank")
_AFTER_TITLE = lists.rule_words("names: after title")
# A name follows these, in whatever case.
_INTRODUCED = re.compile(
    r"\b(?:(?:her|his|their|my|first|last|sur|full|real|maiden|birth|given|middle|pet|the|client'?s?|victim'?s?"
    r"|child'?s?|baby'?s?|mum'?s?|mother'?s?|son'?s?|daughter'?s?|"
    r"husband'?s?|partner'?s?|perp(?:etrator)?'?s?|suspect'?s?|boyfriend'?s?|girl'?s?|boy'?s?|sister'?s?"
    r"|brother'?s?|family|father'?s?|dad'?s?|ex'?s?|\w+'s)\s?name(?:s|'s)?|(?<!\w )names?|(?:sur|fore|nick)name)"
    r"(?:\s+(?:is|are|was|were|of)|\s*[:=-]|'s)?\s+(?:(?:is|called|probably|actually|now|miss|mrs|mr|ms)\s+)*|"
    r"\b(?:nicknamed|aka|a\.k\.a\.?|alias|surnamed|christened|née|nee|goes by(?: the name(?: of)?)?|known as"
    r"|answers to|introduce[ds]? (?:her|him)self as|named|(?:calls?|called) (?:her|him)self|(?:asks?|asking|ask her"
    r" to ask) for|"
    r"(?:is|was|are|child|woman|client|lady|son|daughter|boy|girl|man|husband|partner|brother|sister|father|mother"
    r"|baby|friend|someone|guy|perp|suspect|worker|neighbour|aunt|uncle|cousin|ex|family|names?|one|officer|,|and)"
    r" called|dear|hi|hello)\s+"
)
_NO_NAME = lists.rule_words("names: no name")
_PERSON_VERBS = lists.rule_words("names: person verbs")
# After an ordinary word that is also a name, only what people alone do.
_PEOPLE_ONLY = re.compile(
    r"\s+(?:and (?:her|his|the|two|three|baby|kids|children)\b|(?:has|had) (?:two|three|four|five|a|an|no|her|been"
    r"|left|fled|said|told|asked|agreed|kids|children|\d)|needs|wants|says|said|told|asked|lives|lived|left|arrived"
    r"|speaks|knows|feels|rang|phoned|texted|works|came|fled"
    r"|isn't|doesn't|hasn't|cannot|can't|(?:is|was) an? (?!must|plus|bonus|good|great|problem|concern|issue"
    r"|priority|need|possib|bit)|(?:is|was) (?:safe|ready|scared|pregnant|upset|afraid|here|outside|terrified"
    r"|frightened|injured|alone|tearful|deaf|disabled|unwell|very|really|so|ok|okay|fine|now|not|still|currently"
    r"|\d{1,2}|her|his|the (?:client|mum|mother|victim)|[a-z]+ing)\b|(?:will|can|would|could) (?:meet|call|ring"
    r"|come|bring|need|have|get|arrive|travel|stay|speak|take|go|text|wait|collect|drop|help)\b|aged?\b|\(\d|,?"
    r" \d\d\b(?!:))"
)
_OF_A_MONTH = re.compile(
    r"\s+(?:\d{1,2}(?:st|nd|rd|th)?\b|'?\d\d|will be"
    r"|(?:is|was|has been|works) ?(?:so |very |really |not |still |now )?(?:fine|ok|okay|good|busy|full|best|too"
    r"|free|booked|late|when|the)?\b)"
)
_PLACE_PREPOSITIONS = lists.rule_words("names: place prepositions")
_OF_A_SERVICE = re.compile(
    r"(?:\s+[\w'&-]+){0,3}?\s+(?:advocates?|advocacy|outreach|helpline|clinic|team|counselling|advice|advisers?"
    r"|refuge|casework(?:ers?)?|services?|line|desk|workers|centre|project|house|hub|charity|group|women'?s|surgery"
    r"|therapy|drop-?in"
    r"|(?:is|are|was|were) (?:full|closed|open|not taking|at capacity)|(?:has|have|had) (?:no |a |any |one |two"
    r" )?(?:space|spaces|bed|beds|room|rooms|vacanc\w+|capacity|availability|declined|accepted))\b"
)
_ORG_WORDS_BEFORE = re.compile(
    r"(?:\b(?:referr(?:ed|al|als|ing)|refer|signposted|signpost|signposting|transferred|declined|accepted|refused"
    r"|contacted|emailed|funded|run|place|space|bed|room|hear|heard|waiting on|support|supported|calls?|enquir\w+"
    r"|appointment|known|open|application|applied|worker|workers|staff|team)(?: \w+)? "
    r"(?:to|by|from|at|with|via|through)|\b(?:contacted|emailed|via|through|charity|refuge|project|service|hostel"
    r"|helpline)) (?:the )?$"
)
_MONTHS = lists.rule_words("names: months")
_MONTH_BEFORE = re.compile(
    r"(?:\b(?:in|by|until|till|til|end of|since|early|late|mid|from|of|this|next|last|during|before|after|start of"
    r"|to|and|or|around|through|beginning of|due|for|-|/)|\d(?:st|nd|rd|th)?)\s*$"
)
_MIXED_CASE = re.compile(r"^(?:Mc|Mac|O'|D'|De|Di|Van|Al|El|La|Le)[A-Z][a-z]+$")
_THING_AFTER = re.compile(
    r"[ ]+(?:[A-Z][a-z]+[ ]+)?(?:House|Centre|Court|Lodge|Project|Trust|Room|Unit|Ward|Suite|Road|Street|Team"
    r"|Clinic|Hospital|Service|Line|Station|Park|Hall|Hub|School|Nursery|Refuge|Hotel|Hostel|Flat|Wing|Day|Group"
    r"|room|house|ward|unit|suite|wing|floor|team|project|refuge|centre)\b"
)


def find(page: Page) -> Iterator[Span]:
    """Where `page` names a person. Text in another alphabet cannot be read, so it counts as names."""
    yield from page.plain.foreign
    loud = _is_loud(page)
    for index, word in enumerate(page.words):
        if _is_titled(page, index) or _is_listed(page, index, loud=loud) or _is_suspicious(page, index, loud):
            yield word.start, word.end
    for match in _INTRODUCED.finditer(page.lower):
        yield from _introduced(page, match.end())
    for span, spelt in spelt_out(page):
        if spelt in lists.first_names() and len(spelt) >= 4 and not overlaps(span, page.known):
            yield span


def _is_loud(page: Page) -> bool:
    """Whether capital letters tell nothing here: all are capitals, or nearly every word has one."""
    letters = [one for one in page.text if one.isalpha()]
    if len(letters) > 12 and sum(one.isupper() for one in letters) > 0.6 * len(letters):
        return True
    long = [word for word in page.words if len(word.text) > 3 and word.text.isalpha()]
    return len(long) >= 5 and sum(word.text[0].isupper() for word in long) >= 0.75 * len(long)


def _is_titled(page: Page, index: int) -> bool:
    """Whether a title stands before this word: "Mrs Begum", "dr patel", but not "Dr on duty" or "miss school"."""
    before = _before(page, index)
    word = page.words[index]
    if (
        before is None
        or not word.base.replace("'", "").isalpha()
        or word.base in _AFTER_TITLE
        or not re.fullmatch(r"\.?[ ]*", page.text[before.end : word.start])
    ):
        return False
    if before.base in _FORMAL:
        return not (before.base == "ms" and before.start and page.text[before.start - 1].isdigit())
    if before.base not in _TITLES:
        return False
    if len(word.base) == 1:
        return word.text.isupper() and before.text[0].isupper()
    if word.base in lists.first_names():
        return True
    if overlaps((word.start, word.end), page.organisations):
        return False
    if is_ordinary(word.base) or word.base in lists.languages() or word.base in lists.demonyms():
        surname = before.base in _RANKS and before.text[0].isupper() and word.text.istitle() and not _is_loud(page)
        return surname and word.base not in _WITH_RANK
    return word.text[0].isupper() or (
        before.base in {"dr", "doctor", "dc", "ds", "di", "sgt", "insp", "prof", "auntie", "aunty"}
        and not is_slip(word.base)
    )


def _is_listed(page: Page, index: int, *, loud: bool) -> bool:
    """Whether a word of the list of names stands here as one."""
    word = page.words[index]
    base = _listed_form(word.base)
    if base is None or overlaps((word.start, word.end), _named_things(page, index)):
        return False
    capital = word.text[0].isupper() and (loud or not word.text.isupper() or len(word.text) > 3)
    if base in lists.first_names():
        if len(base) <= 3:
            return capital and not loud and word.text.istitle()
        return capital or base not in _lower_words()
    return capital and not loud and _used_as_name(page, index)


@cache
def _lower_words() -> frozenset[str]:
    """What lower-case words mean first in English though people are called so."""
    return lists.ordinary_words() | lists.languages()


def _listed_form(base: str) -> str | None:
    forms = (base, base.removesuffix("'"), base.removesuffix("s'")) if base.endswith("'") else (base,)
    return next((form for form in forms if form in lists.first_names() or form in lists.names_that_are_words()), None)


def _named_things(page: Page, index: int) -> list[Span]:
    """Names of organisations and places here, but for single words that people are called too: "Amina", "Victoria"."""
    word = page.words[index]
    alone = (word.start, word.end)
    things = []
    for span in page.known:
        if (
            span[1] - span[0] > word.end - word.start
            or span != alone
            or (_ORG_WORDS_BEFORE.search(page.before(word.start)) and word.base not in _MONTHS)
            or (word.base not in lists.first_names() and word.base not in lists.names_that_are_words())
            or (span in page.known and (word.base,) in lists.places() and not _PEOPLE_ONLY.match(page.text, word.end))
        ):
            things.append(span)
    return things


def _used_as_name(page: Page, index: int) -> bool:
    """Whether an ordinary word with a capital letter is a name here."""
    word = page.words[index]
    before, lower = _before(page, index), page.lower
    if _THING_AFTER.match(page.text, word.end) or _is_part_of_service(page, index):
        return False
    if word.base in _MONTHS and _MONTH_BEFORE.search(page.before(word.start)):
        return False
    follows = index + 1 < len(page.words) and page.text[word.end : page.words[index + 1].start] == " "
    if follows and page.words[index + 1].text.istitle():
        after = page.words[index + 1].base
        if (
            not is_ordinary(after)
            and (after,) not in lists.places()
            and not overlaps((page.words[index + 1].start, page.words[index + 1].end), page.known)
        ):
            return True
    if word.base in _MONTHS and _OF_A_MONTH.match(lower, word.end):
        return False
    if _PEOPLE_ONLY.match(page.text, word.end):
        return word.base not in {"may", "will", "mark", "bill"} or not re.match(
            r"\s+(?:has|had|is|was|needs|not)\b(?! (?:two|three|a|her|kids|scared|safe|pregnant|\w+ing))",
            lower[word.end :],
        )
    if _begins_sentence(page, index) or before is None:
        return False
    return not (
        before.base in _PLACE_PREPOSITIONS | {"the", "a", "an", "this", "from", "to"}
        and word.base not in _MONTHS
        and before.base not in {"from", "to"}
    )


def _is_suspicious(page: Page, index: int, loud: bool) -> bool:
    """Whether a capital letter stands here that nothing but a name explains."""
    word = page.words[index]
    if loud or not word.text[0].isupper() or len(word.text) < 3 or not word.text.replace("'", "").isalpha():
        return False
    if not word.text.removesuffix("'s").istitle() and not _MIXED_CASE.match(word.text.removesuffix("'s")):
        return False
    if _explained(word) or overlaps((word.start, word.end), page.known) or _names_a_service(page, word):
        return False
    before = _before(page, index)
    if not _begins_sentence(page, index):
        is_place = before is not None and before.base in _PLACE_PREPOSITIONS and not word.text.endswith("'s")
        return not is_place and not _THING_AFTER.match(page.text, word.end)
    after = page.words[index + 1] if index + 1 < len(page.words) else None
    if after is None or is_slip(word.base):
        return False
    near = page.text[word.end : after.start] == " "
    return near and (
        after.base in _PERSON_VERBS
        or after.base.endswith("ed")
        or (after.text.istitle() and not _explained(after) and (after.start, after.end) not in page.known)
    )


def _is_part_of_service(page: Page, index: int) -> bool:
    """Whether a service is called so: "referred to Jasmine Steps", "Guelder Rose helpline"."""
    word = page.words[index]
    neighbours = [page.words[at] for at in (index - 1, index + 1) if 0 <= at < len(page.words)]
    beside = any(
        one.text.istitle() and is_ordinary(one.base) and not _begins_sentence(page, index) for one in neighbours
    )
    return (beside or bool(_OF_A_SERVICE.match(page.lower, word.end))) and _names_a_service(page, word)


def _names_a_service(page: Page, word: Word) -> bool:
    """Whether the sentence treats an unknown word as a service: "referred to Bridgewell", "Pirogue outreach"."""
    if word.text.endswith("'s") and not _ORG_WORDS_BEFORE.search(page.before(word.start)):
        return False
    before = re.sub(r"(?:[A-Z][\w'-]*\s+){1,3}$", "", page.text[max(0, word.start - 80) : word.start]).lower()
    return bool(_OF_A_SERVICE.match(page.lower, word.end) or _ORG_WORDS_BEFORE.search(before))


def _explained(word: Word) -> bool:
    base = word.base.removesuffix("'")
    return (
        is_ordinary(base)
        or base in lists.languages()
        or base in lists.demonyms()
        or base.removesuffix("s") in lists.demonyms()
        or base in lists.countries()
        or base in lists.names_that_are_words()
        or (base,) in lists.places()
        or (base,) in lists.organisations()
    )


def _introduced(page: Page, start: int) -> Iterator[Span]:
    """The name that begins at `start`, after "her name is", "called" and the like."""
    for word in page.words:
        if word.start == start and _is_introduced(page, word, page.lower[max(0, start - 12) : start]):
            yield word.start, word.end
        if word.start >= start:
            return


def _is_introduced(page: Page, word: Word, telling: str) -> bool:
    if len(word.base) < 2 or not word.base.replace("'", "").isalpha() or word.base in _NO_NAME:
        return False
    if word.base in lists.names_that_are_words() and not re.search(r"(?:for|hi|hello|by)\s+$", telling):
        return True
    if inside((word.start, word.end), page.known):
        return False
    if re.search(r"(?:is|was|are) called\s+$", telling) and word.text.istitle():
        return True
    return not _explained(word) and ("name" in telling or not is_slip(word.base))


def _before(page: Page, index: int) -> Word | None:
    return page.words[index - 1] if index else None


def _begins_sentence(page: Page, index: int) -> bool:
    """Whether a capital letter is due here anyway."""
    before = page.text[: page.words[index].start].rstrip(" \t\"'(*")
    if re.search(r"(?<![A-Za-z])[A-Z]\.$", before):
        return False
    return not before or before[-1] in ".!?:;\n-/>|+•"
