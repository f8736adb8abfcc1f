"""Who acts: a person with an account, or the system by itself when something falls due."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something. `role` is a word of `accounts.permissions.Role`, or `system`."""

    user_id: int | None
    role: str
    organisation_id: str | None = None

    @property
    def reference(self) -> str:
        """How the audit trail names them: `user-12`, or `system`."""
        return "system" if self.user_id is None else f"user-{self.user_id}"


SYSTEM = Actor(None, "system")
