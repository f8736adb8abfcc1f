"""Identifiers for other systems, which want UUIDs: made from our own, so the same thing always has the same one."""

from functools import lru_cache
from uuid import UUID, uuid5

# Drawn once. With another one, every system that keeps a copy of the catalogue would take all of it for new.
NAMESPACE = UUID("6f0a4c5e-3a0f-4d8c-9a57-6d0d6a1f4b21")


@lru_cache(maxsize=100_000)
def uuid_of(*parts: str) -> str:
    """The UUID (version 5) of what `parts` name, the kind of thing first: `uuid_of("service", "marigold-house")`."""
    return str(uuid5(NAMESPACE, "/".join(parts)))
