"""What can be chosen in the search form: the terms in use, read in three statements."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import AccessFeature, Community, Need, Service, ServiceLanguage
from directory.catalogue.vocabulary import ListingStatus
from directory.common.languages import language_name


@dataclass(frozen=True, slots=True)
class Choice:
    """One term to choose: its code, its name, and the words by which somebody might look for it."""

    code: str
    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Terms that belong together under the wider term that they share, which can be chosen too."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the form offers and that is not fixed by the code. `languages` are those somebody speaks."""

    needs: tuple[ChoiceGroup, ...]
    communities: tuple[ChoiceGroup, ...]
    access: tuple[ChoiceGroup, ...]
    languages: tuple[Choice, ...]


def read_choices(session: Session) -> Choices:
    """The terms that can be asked for."""
    spoken = session.scalars(
        select(ServiceLanguage.language)
        .join(Service, Service.id == ServiceLanguage.service_id)
        .where(Service.status == ListingStatus.PUBLISHED)
        .distinct()
    )
    languages = sorted((Choice(code, language_name(code)) for code in spoken), key=lambda choice: choice.name)
    return Choices(
        _groups(session, Need), _groups(session, Community), _groups(session, AccessFeature), tuple(languages)
    )


def _groups(session: Session, term: type[Need] | type[Community] | type[AccessFeature]) -> tuple[ChoiceGroup, ...]:
    rows = session.execute(select(term.code, term.name, term.synonyms, term.parent_code)).all()
    parents = {code: parent for code, _, _, parent in rows}
    grouped: dict[str, list[Choice]] = {}
    for code, name, synonyms, _ in rows:
        grouped.setdefault(_top(code, parents), []).append(Choice(code, name, synonyms))
    groups = []
    for top, choices in grouped.items():
        own = next(choice for choice in choices if choice.code == top)
        narrower = sorted((choice for choice in choices if choice is not own), key=lambda choice: choice.name)
        groups.append(ChoiceGroup(own.name, (own, *narrower)))
    return tuple(sorted(groups, key=lambda group: group.name))


def _top(code: str, parents: dict[str, str | None]) -> str:
    seen: set[str] = set()
    while (parent := parents[code]) is not None and code not in seen:
        seen.add(code)
        code = parent
    return code


def codes_of(groups: Iterable[ChoiceGroup]) -> list[tuple[str, str]]:
    """Every choice of some groups as (code, name)."""
    return [(choice.code, choice.name) for group in groups for choice in group.choices]
