"""A text laid out for the rules: its words, and which of them stand in the name of an organisation or a place."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeVar

from directory.screening import lists
from directory.screening.normalising import Plain, normalise

Span = tuple[int, int]
T = TypeVar("T")
# Characters. Rules that look back ask for a few words, and a long text must not be read again for each of its words.
_LOOK_BACK = 80
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")
# What an organisation's or a building's name ends with. With a capital letter it makes the words before it such a name.
_KINDS_OF_PLACE = (
    r"(?:Women'?s (?:Aid|Centre|Group|Project|Trust|Network|Service|Space|Refuge|Rights)|House|Trust|Cent(?:re|er)"
    r"|Project|Network|"
    r"Collective|Foundation|Association|Organi[sz]ation|Society|Services?|Groups?|Refuge|Helpline|Lines?|Circle"
    r"|Partnership|"
    r"Charity|Hospital|Clinic|School|Academy|College|University|Primary|Nursery|Church|Mosque|Temple|Gurdwara"
    r"|Synagogue|"
    r"Station|Police|Council|Library|Hotel|Inn|Hostel|Lodge|Surgery|Practice|Pharmacy|Ward|Unit|Hub|Caf[eé]|"
    r"Airport|Park|Sisters|Homes|Housing|Initiative|Alliance|Forum|Consortium|Federation|Campaign|Law|Aid|Rights)"
)
_ORGANISATION = re.compile(
    r"(?<![\w'])(?!(?:She|He|They|We|I|The|A|An|Her|His|My|Our|This|Told|Called|Ask|And|But|For|With|Mr|Mrs|Ms|Miss"
    r"|Mx|Dr)\b)"
    rf"(?:[A-Z][\w'’-]*[ ]+(?:(?:and|of|for|the|&|in)[ ]+)*){{1,5}}{_KINDS_OF_PLACE}(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: where it stands, as written, in lower case without its possessive ending, and without apostrophes."""

    start: int
    end: int
    text: str
    base: str
    bare: str


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """What every rule reads. Spans are of `text`, the normalised form.

    `found` keeps what several rules ask for while this one text is read. Nothing outlives the page: words that people
    write are in no cache.
    """

    plain: Plain
    words: tuple[Word, ...]
    # Names of organisations, schemes and places.
    known: tuple[Span, ...]
    # Those of organisations alone: no word in them tells anything of a person.
    organisations: tuple[Span, ...]
    this_year: int
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.plain.text

    @property
    def lower(self) -> str:
        """The same in lower case, equally long."""
        return self.plain.lower

    def before(self, start: int) -> str:
        """The lower-case text that leads to `start`, as far back as a rule looks."""
        return self.plain.lower[max(0, start - _LOOK_BACK) : start]

    def once(self, what: str, find: Callable[["Page"], Iterable[T]]) -> tuple[T, ...]:
        """What `find` finds here, looked for at the first asking only."""
        if what not in self.found:
            self.found[what] = tuple(find(self))
        found: tuple[T, ...] = self.found[what]
        return found


def lay_out(original: str, known_names: frozenset[str], this_year: int) -> Page:
    """`original` ready for the rules. `known_names` are names of the catalogue, which may stand in a text."""
    plain = normalise(original)
    words = tuple(_words(plain))
    own = list(_own_names(plain, words, known_names))
    organisations = [*own, *phrases(words, _organisations(), capital=True)]
    organisations += [match.span() for match in _ORGANISATION.finditer(plain.text)]
    places = list(phrases(words, _places(), capital=True))
    return Page(plain, words, tuple(organisations + places), tuple(organisations), this_year)


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    """Whether `span` shares a character with any of the others."""
    return any(span[0] < end and start < span[1] for start, end in others)


def inside(span: Span, others: Iterable[Span]) -> bool:
    """Whether `span` lies wholly in one of the others."""
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _words(plain: Plain) -> Iterator[Word]:
    for match in _WORD.finditer(plain.text):
        base = match[0].lower()
        base = base[:-2] if base.endswith("'s") else base
        yield Word(match.start(), match.end(), match[0], base, match[0].lower().replace("'", ""))


def by_first(names: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases (as `lists.tokens` makes them) by their first word, the longest first: what `phrases` looks up."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((one for one in names if one), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


def phrases(
    words: tuple[Word, ...], names: dict[str, list[tuple[str, ...]]], *, capital: bool = False
) -> Iterator[Span]:
    """Where one of `names` stands, the longest at each word.

    With `capital`, a name of a single word counts only where it has a capital letter.
    """
    for index, word in enumerate(words):
        for phrase in (*names.get(word.bare, ()), *(names.get(word.base, ()) if word.base != word.bare else ())):
            last = words[index + len(phrase) - 1 : index + len(phrase)]
            if (
                last
                and _stands(words[index : index + len(phrase)], phrase)
                and (len(phrase) > 1 or not capital or word.text[0].isupper())
            ):
                yield word.start, last[0].end
                break


def _stands(words: tuple[Word, ...], phrase: tuple[str, ...]) -> bool:
    return all(said in (word.bare, word.base) for word, said in zip(words, phrase, strict=True))


@cache
def _organisations() -> dict[str, list[tuple[str, ...]]]:
    return by_first(lists.organisations())


@cache
def _places() -> dict[str, list[tuple[str, ...]]]:
    return by_first(lists.places())


@lru_cache(maxsize=4)
def _catalogue(known_names: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    return by_first({lists.tokens(name) for name in known_names})


def _own_names(plain: Plain, words: tuple[Word, ...], known_names: frozenset[str]) -> Iterator[Span]:
    """The catalogue's names where they begin with a capital letter, as they do there.

    A name may be as plain as "Rights and immigration advice"; only that letter tells it from a sentence.
    """
    for start, end in phrases(words, _catalogue(known_names)) if known_names else ():
        if plain.text[start].isupper() or plain.text[start].isdigit():
            yield start, end
