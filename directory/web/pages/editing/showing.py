"""Proposals and their fields as pages show them."""

from collections.abc import Iterable

from directory.editing.facts import FieldDifference
from directory.editing.facts import ProposalLine as Line
from directory.editing.overview import ProposalSource, ProposalState
from directory.web.pages.editing.contexts import DifferenceLine, ProposalLine
from directory.web.pages.editing.saying import Sayer
from directory.web.pages.editing.words import KIND_WORDS, STATE_COLOURS, STATE_WORDS


def what_of(line: Line) -> str:
    """What a proposal would do, in a few words: `Phone, Hours`."""
    kind = KIND_WORDS[line.kind]
    if line.is_new:
        return f"New {kind}"
    about = ", ".join(line.labels)
    return f"Correction: {about}" if line.source is ProposalSource.CORRECTION else about


def proposal_line(line: Line, *, may_change: bool = False) -> ProposalLine:
    """A proposal in a list. Of one that is part of another, what became of that."""
    state = line.state
    words, colour = STATE_WORDS[state], STATE_COLOURS[state]
    if state is ProposalState.FOLDED and line.ended_as is not ProposalState.FOLDED:
        words = f"{words}: {STATE_WORDS[line.ended_as].lower()}"
    return ProposalLine(
        id=line.id,
        name=line.listing_name,
        what=what_of(line),
        state=words,
        colour=colour,
        by=line.author,
        made_at=line.made_at,
        waits_for_you=may_change and state is ProposalState.RETURNED,
    )


def difference_lines(sayer: Sayer, fields: Iterable[FieldDifference]) -> tuple[DifferenceLine, ...]:
    """The fields of a proposal: what was, what is by now where that is something else, and what is wanted."""
    lines = []
    for field in fields:
        base = field.now_is if field.changed_since else field.was
        was, wanted = sayer.marked(field.column, base, field.wanted)
        now_is = None
        if field.changed_since:
            was, now_is = sayer.shown(field.column, field.was), was
        others = tuple((sayer.shown(field.column, other.wanted), other.by) for other in field.others)
        lines.append(DifferenceLine(field.label, was, now_is, wanted, field.by, others))
    return tuple(lines)
