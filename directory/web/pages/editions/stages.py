"""Where the edition that is being prepared stands, as a reader of the page finds it, and what the page says of it."""

import enum

from directory.common.dates import as_date
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.vocabulary import EditionState
from directory.web.pages.editions.contexts_preparing import Task


class Stage(enum.StrEnum):
    """What there is, from where the reader stands."""

    NOTHING = "nothing"
    SCHEDULED = "scheduled"
    MINE = "mine"
    THEIRS = "theirs"
    SIGNED = "signed"


def stage_of(draft: EditionFacts | None, reader_id: int) -> Stage:
    """The stage of what is being prepared."""
    if draft is None:
        return Stage.NOTHING
    if draft.state is EditionState.SIGNED:
        return Stage.SIGNED
    if draft.prepared_by_id is None:
        return Stage.SCHEDULED
    return Stage.MINE if draft.prepared_by_id == reader_id else Stage.THEIRS


def stage_in_a_line(draft: EditionFacts, reader_id: int) -> str:
    """The same in a sentence, for the list of editions."""
    drafted = as_date(draft.prepared_at)
    match stage_of(draft, reader_id):
        case Stage.SIGNED:
            return f"An edition is signed by {draft.signed_by}, and waits to be published."
        case Stage.SCHEDULED:
            return f"The schedule drafted an edition on {drafted}. It waits for a commissioner to take it over."
        case Stage.MINE:
            return f"You drafted an edition on {drafted}. It waits for another commissioner’s signature."
        case _:
            return f"{draft.prepared_by} drafted an edition on {drafted}. It waits for a second person’s signature."


def tasks(stage: Stage, *, blocks: int, warns: int, changes: int) -> tuple[Task, ...]:
    """The five steps, each with its state in words."""
    drafted, signed = stage is not Stage.NOTHING, stage is Stage.SIGNED
    if not drafted:
        later = (Task(title, "", "Cannot start yet", "") for title, _ in _LATER)
        return (Task("Draft it", "#draft", "To do", "blue"), *later)
    checked = Task("Read the checks", "#checks", *_checked(blocks, warns))
    different = Task("See what is different", "#difference", f"{changes:,} change{'' if changes == 1 else 's'}", "")
    sign = Task("Have somebody else sign it", "#signature", *_signature(stage, blocks))
    publish = Task("Publish it", "#publish" if signed else "", *(("To do", "blue") if signed else _NOT_YET))
    return (Task("Draft it", "#draft", "Completed", ""), checked, different, sign, publish)


_NOT_YET = ("Cannot start yet", "")
_LATER = (
    ("Read the checks", "#checks"),
    ("See what is different", "#difference"),
    ("Have somebody else sign it", "#signature"),
    ("Publish it", "#publish"),
)


def _checked(blocks: int, warns: int) -> tuple[str, str]:
    if blocks:
        return f"{blocks:,} to mend", "red"
    return (f"{warns:,} warning{'' if warns == 1 else 's'}", "yellow") if warns else ("All passed", "")


def _signature(stage: Stage, blocks: int) -> tuple[str, str]:
    if stage is Stage.SIGNED:
        return "Completed", ""
    if blocks:
        return _NOT_YET
    return {
        Stage.SCHEDULED: ("Take it over first", "grey"),
        Stage.MINE: ("Waiting", "grey"),
        Stage.THEIRS: ("To do", "blue"),
    }[stage]
