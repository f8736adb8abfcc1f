"""Text that people and programs send: what may be stored at all, before any rule about its meaning."""

import unicodedata

_LINE_BREAKS = "\n\r\t"


def unusable_characters(text: str) -> bool:
    """Whether `text` holds something no database or page can carry: control characters or halves of a character."""
    return any(unicodedata.category(character) in {"Cc", "Cs"} and character not in _LINE_BREAKS for character in text)


def squeeze(text: str) -> str:
    """`text` without spaces around it and with single ones inside."""
    return " ".join(text.split())
