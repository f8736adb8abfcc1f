"""E-mail addresses and social media accounts."""

import re
from collections.abc import Iterator

from directory.screening import lists
from directory.screening.page import Page, Span, overlaps

_AT = r"(?:\s?@\s?|\s?[(\[{<]\s?at\s?[)\]}>]\s?|\s+at\s+)"
_DOT = r"(?:\s?\.\s?|\s?[(\[{<]\s?dot\s?[)\]}>]\s?|\s+dot\s+)"
_ENDING = (
    r"(?:com|co|org|net|uk|edu|gov|info|me|eu|io|fr|de|pl|ro|it|es|pt|br|in|pk|ng|tr|ru|ua|al|bg|lt|nhs|police|mail"
    r"|test|example|biz|live|tv|app|us|ca|ie|za|gh|ke|so|ir|iq|cn|jp|vn|ph|lk|bd|np)"
)
_EMAIL = re.compile(
    rf"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+|[\w.+-]+(?:{_DOT}[\w+-]+){{0,3}}(?:\s?@\s?"
    rf"|\s?[(\[{{<]\s?at\s?[)\]}}>]\s?)[\w-]+(?:{_DOT}[\w-]+)*{_DOT}{_ENDING}\b|"
    rf"[\w.+-]+(?:\s+(?:dot|underscore|dash)\s+[\w+-]+)*\s+at\s+[\w-]+(?:{_DOT}[\w-]+)*\s*(?:\s+dot\s+"
    rf"|\s?[(\[{{<]\s?dot\s?[)\]}}>]\s?){_ENDING}\b|"
    rf"[\w.+-]+\s?(?:@|\bat)\s?(?:gmail|hotmail|outlook|yahoo|icloud|protonmail|proton|live|aol|googlemail"
    rf"|btinternet|ymail|mail)\b(?![ ]?(?:account|password|app))|"
    rf"[\w.+-]*[\d_][\w.+-]*\s+at\s+[\w-]+(?:\.[\w-]+)*\.{_ENDING}\b",
)
_LABELLED_EMAIL = re.compile(
    rf"\b(?:e-?mail|mail|write|contact|msg|message|reach"
    rf"|address)\b[^\n]{{0,20}}?[\w.+-]+\s+at\s+[\w-]+(?:\.[\w-]+)*\.{_ENDING}\b|"
    r"\be-?mail(?:\s+address)?(?:\s+is|\s*[:=])\s*(?!not|with|in|to|safe|un|on|the|her|his|monitored|checked|ok"
    r"|fine|best|off|being|read|hacked|down|only)[\w.+-]*[\d._][\w.+-]*",
)
# Looking for addresses is slow, so it is done only where one could be.
_MAIL_HINT = re.compile(
    r"[\s(\[{<]at[\s)\]}>].{1,40}(?:\.[a-z]|\bdot\b)|\bat\s?(?:gmail|hotmail|outlook|yahoo|icloud|proton|live|aol"
    r"|google|bt|ymail|mail)"
)
_PLATFORM = (
    r"(?:insta(?:gram)?|ig|snap\s?chat|snap|tik\s?tok|fb|face\s?book|messenger|twitter|telegram|tele|discord"
    r"|linked\s?in|kik|whats\s?app|wa|skype|we\s?chat|viber|line|you\s?tube|"
    r"only\s?fans|tinder|hinge|bumble|threads|pinterest|reddit|twitch|imo|botim|vk|bereal|signal|xbox|psn"
    r"|playstation|gamer|steam|roblox|badoo|shaadi|muzmatch|muzz|grindr|fortnite|bluesky|mastodon|zoom|teams)"
)
_NO_HANDLE = lists.rule_words("contacts: no handle")
_HANDLE = re.compile(
    rf"(?<![a-z0-9]){_PLATFORM}\b(?:['’]?s)?(?P<link>(?:\s*(?:[:=@>~]|[-–](?=\s)|\b(?:name|handle|user\s?names?"
    rf"|user|usr|id|profile|tag|account|acc|acct|page|is|as|called|under|goes|by|known|it's|its|her|his|the|add|at"
    rf"|@)\b))*)\s*(?P<value>@?[a-z0-9][\w.'#-]*)?"
)
_USERNAME = re.compile(
    r"\b(?:user\s?name|handle|gamer\s?tag|screen\s?name|profile name|snapcode|online name|insta name|account"
    r" name)(?:\s+(?:is|was)|\s*[:=-])?\s+@?(?!is\b|was\b|not\b|unknown\b|and\b|for\b|on\b|the\b|with\b|to\b|her\b"
    r"|his\b|in\b|or\b|has\b|changed\b|of\b)(?P<value>[\w.-]{3,})"
)
_AT_HANDLE = re.compile(r"(?<![\w@.])@\s?[a-z_][\w.]{1,30}")
# What nobody writes but in the name of an account: "glitter_9", "night#4421".
_TAG = re.compile(r"(?<![\w@./-])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|x+_[a-z0-9_]+|[a-z]{3,}[a-z0-9]*#\d{3,})(?![\w@])")
_LINK = re.compile(
    r"(?:https?://|www\.)?(?:facebook|fb|instagram|instagr|tiktok|snapchat|twitter|x|t|telegram|linkedin|youtube|vk"
    r"|wa|m)\.(?:com|me|am|co|be)/\S+"
)


def find_emails(page: Page) -> Iterator[Span]:
    """Where `page` holds an e-mail address, written or disguised."""
    yield from page.once("emails", _emails)


def _emails(page: Page) -> Iterator[Span]:
    for match in _LABELLED_EMAIL.finditer(page.lower):
        yield match.span()
    if "@" in page.lower or _MAIL_HINT.search(page.lower):
        for match in _EMAIL.finditer(page.lower):
            yield match.span()


def find_handles(page: Page) -> Iterator[Span]:
    """Where `page` holds somebody's name on a social network. To say that one is used, hacked or blocked is fine."""
    emails = list(find_emails(page))
    for pattern in (_AT_HANDLE, _LINK, _TAG):
        for match in pattern.finditer(page.lower):
            if not overlaps(match.span(), emails) and not re.match(r"@\s?\d|@ ", match[0]):
                yield match.span()
    for match in _HANDLE.finditer(page.lower):
        if _is_handle(match) and not overlaps(match.span(), emails):
            yield match.span()
    for match in _USERNAME.finditer(page.lower):
        if not overlaps(match.span(), emails):
            yield match.span()


def _is_handle(match: re.Match[str]) -> bool:
    value, link = (match["value"] or "").rstrip(".'-"), match["link"] or ""
    if not value or value in _NO_HANDLE or re.fullmatch(r"[\d.:]+(?:am|pm|hrs|st|nd|rd|th|x)?", value):
        return False
    odd = bool(re.search(r"[_\d#]|\w\.\w|^@", value))
    ordinary = value in lists.ordinary_words()
    says_name = bool(re.search(r"name|handle|user|\bid\b|tag|called|under|known|goes", link))
    if odd and (link.strip() or re.search(r"[_.#]|[a-z]\d|^@", value)):
        return True
    if re.search(r"[:=@>~]", link) or says_name:
        return not ordinary or says_name
    return bool(re.search(r"\b(?:is|as|-)\b", link)) and not ordinary
