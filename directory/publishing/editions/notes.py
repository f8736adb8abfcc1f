"""What a commissioner says of an edition: free text that everybody will read, so it is screened first (rule 5)."""

from sqlalchemy.orm import Session

from directory.common.errors import FieldProblem, InvalidInputError
from directory.common.text import squeeze
from directory.editing.texts import check_text
from directory.publishing.editions.models import LONGEST_NOTE


def checked_note(session: Session, note: str) -> str:
    """The note as it is kept. Raises InvalidInputError naming `note` with everything that may not be stored.

    Fail closed: what the screen stops is kept nowhere.
    """
    text = squeeze(note)
    if len(text) > LONGEST_NOTE:
        problem = f"Write at most {LONGEST_NOTE} characters; these are {len(text)}."
        raise InvalidInputError([FieldProblem("note", problem)])
    problems = check_text(session, "note", text)
    if problems:
        raise InvalidInputError(problems)
    return text
