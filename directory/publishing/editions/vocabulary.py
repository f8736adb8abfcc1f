"""The words that editions are told in."""

import enum


class EditionState(enum.StrEnum):
    """Where an edition is: drafted, signed off by a second person, published."""

    DRAFT = "draft"
    SIGNED = "signed"
    PUBLISHED = "published"


class EntryKind(enum.StrEnum):
    """What an entry of an edition is about."""

    ORGANISATION = "organisation"
    SERVICE = "service"
    PROGRAMME = "programme"
    PERFORMANCE = "performance"
