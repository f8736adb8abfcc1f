"""The fixed words of the catalogue files (design section 3). What is open to change stands in the taxonomies."""

import enum


class ListingStatus(enum.StrEnum):
    """Where an organisation or a service stands; only `published` ones are shown to those who search."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class ServiceKind(enum.StrEnum):
    """What a service is. A refuge is matched by its units; every other kind as a whole."""

    REFUGE = "refuge"
    ADVOCACY = "advocacy"
    HELPLINE = "helpline"
    IMMIGRATION_ADVICE = "immigration_advice"
    LEGAL_ADVICE = "legal_advice"
    COUNSELLING = "counselling"
    OUTREACH = "outreach"
    FLOATING_SUPPORT = "floating_support"
    SEXUAL_VIOLENCE = "sexual_violence"
    HOUSING_ADVICE = "housing_advice"
    CHILDREN_AND_YOUNG_PEOPLE = "children_and_young_people"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return _KIND_LABELS.get(self, self.value.replace("_", " ").capitalize())


_KIND_LABELS = {
    ServiceKind.SEXUAL_VIOLENCE: "Sexual violence support",
    ServiceKind.CHILDREN_AND_YOUNG_PEOPLE: "Children and young people",
}


class Gender(enum.StrEnum):
    """Whom a service is for."""

    WOMAN = "woman"
    MAN = "man"
    NON_BINARY = "non_binary"

    @property
    def label(self) -> str:
        """The word as people read it."""
        return {"woman": "Woman", "man": "Man", "non_binary": "Non-binary person"}[self.value]


class AcceptsNrpf(enum.StrEnum):
    """Whether a service takes households that have no recourse to public funds. Unknown is no value at all."""

    YES = "yes"
    NO = "no"
    IF_FUNDED = "if_funded"


class LocationDisclosure(enum.StrEnum):
    """How much of where a service is may be known: its postcode, its borough, or (secret) at most its borough."""

    PUBLIC = "public"
    BOROUGH = "borough"
    SECRET = "secret"  # noqa: S105 - a word of the vocabulary, not a password


class WideArea(enum.StrEnum):
    """An area that is wider than a borough."""

    LONDON = "london"
    ENGLAND = "england"
    UK = "uk"

    @property
    def label(self) -> str:
        """The area as people read it."""
        return {"london": "All of London", "england": "England", "uk": "United Kingdom"}[self.value]
