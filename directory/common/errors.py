"""What can go wrong in the domain, said so that a person can act on it. Web, API and CLI each render these."""

from dataclasses import dataclass


class DomainError(Exception):
    """Something asked of the product that it refuses, with a sentence for the person who asked."""


class NotFoundError(DomainError):
    """The thing named does not exist, or is not published."""


class NotAllowedError(DomainError):
    """The person may not do this."""


class RefusedError(DomainError):
    """A rule forbids it; the message says which and what to do instead."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that is wrong: its name, a sentence saying what, and what would be right (may be empty)."""

    field: str
    message: str
    allowed: tuple[str, ...] = ()


class InvalidInputError(DomainError):
    """One or more fields are wrong. `problems` lists every one of them, in the order of the fields."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in problems))
