"""How the rules write their patterns."""

import re


def spaced(pattern: str) -> str:
    """`pattern` with any white space or hyphens for each of its spaces, but for those in character classes."""
    return re.sub(
        r"\[[^\]]*\]| \?| ",
        lambda match: {" ": r"[\s-]+", " ?": r"[\s-]*"}.get(match[0], match[0]),
        pattern,
    )
