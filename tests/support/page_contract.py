"""What every page of ours keeps to. Each rule has a test in `tests/contracts/` showing that it bites."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from tests.support.html import Page, text_of

Rule = Callable[[Page], Iterator[str]]
# Fields that say themselves what they are.
NEEDS_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
# What makes a browser fetch something while it shows a page, and the attribute that says where from.
FETCHES = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "use": "href",
    "form": "action",
    "object": "data",
    "embed": "src",
}


def problems(html: str, headers: Mapping[str, str], signed_in: bool) -> list[str]:
    """Everything that is wrong with a page; nothing when it keeps the contract."""
    page = Page(html)
    found = [f"not valid HTML: {error}" for error in page.errors]
    for rule in RULES:
        found += rule(page)
    found += _headers(headers, page, signed_in)
    return found


def one_heading(page: Page) -> Iterator[str]:
    """One h1, and a title that begins with it, so that a tab and a screen reader say the same."""
    headings = [text_of(heading) for heading in page.all("h1")]
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one: {headings}"
        return
    titles = [text_of(title) for title in page.all("title")]
    if len(titles) != 1 or not titles[0].removeprefix("Error: ").startswith(headings[0]):
        yield f"the title {titles} does not begin with the h1 {headings[0]!r}"
    if page.all("div", class_="govuk-error-summary") and not titles[0].startswith("Error: "):
        yield "a page that shows an error summary has no title that begins with 'Error: '"


def landmarks(page: Page) -> Iterator[str]:
    """A language and one main."""
    if not page.one("html").get("lang"):
        yield "<html> has no lang"
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} main instead of one"


def unique_ids(page: Page) -> Iterator[str]:
    """An id stands once, and what refers to ids refers to some that are there."""
    ids = Counter(element.get("id", "") for element in page.all() if "id" in element.attrib)
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    for element in page.all():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f"{attribute}={name!r} of <{element.tag}> refers to no element"


def labelled_fields(page: Page) -> Iterator[str]:
    """Each field has a label that a screen reader finds."""
    labels = {label.get("for") for label in page.all("label") if text_of(label)}
    wrapped = {field for label in page.all("label") for field in label.iter() if text_of(label)}
    for field in [*page.all("input"), *page.all("select"), *page.all("textarea")]:
        if field.tag == "input" and field.get("type", "text") in NEEDS_NO_LABEL:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby")
        if not named and field.get("id") not in labels and field not in wrapped:
            yield f"<{field.tag} name={field.get('name')!r}> has no label"


def named_links_and_images(page: Page) -> Iterator[str]:
    """A link or button says where it leads; an image has a text, which may be empty for decoration."""
    for element in [*page.all("a"), *page.all("button")]:
        pictures = any(image.get("alt") or image.get("aria-label") for image in element.iter())
        if not (text_of(element) or element.get("aria-label") or pictures):
            yield f"<{element.tag} {element.attrib}> has no text"
    yield from (f"<img src={image.get('src')!r}> has no alt" for image in page.all("img") if "alt" not in image.attrib)


def nothing_inline(page: Page) -> Iterator[str]:
    """No style or handler in the markup, and a nonce on each script: the policy would refuse them."""
    for element in page.all():
        for attribute in element.attrib:
            if attribute == "style" or attribute.startswith("on"):
                yield f"<{element.tag}> has an inline {attribute}"
        if "javascript:" in element.get("href", "").casefold():
            yield f"<{element.tag}> has a javascript: address"
    yield from ("a <style> element" for _ in page.all("style"))
    yield from (f"<script {script.attrib}> has no nonce" for script in page.all("script") if not script.get("nonce"))


def nothing_foreign(page: Page) -> Iterator[str]:
    """The browser asks nobody else for anything (firewall, rule 7)."""
    for tag, attribute in FETCHES.items():
        for element in page.all(tag):
            address = _address(element, attribute)
            if re.match(r"(?i)\s*([a-z][a-z0-9+.-]*:)?//", address):
                yield f"<{tag} {attribute}={address!r}> leads to a third party"
    for element in page.all():
        if "://" in element.get("srcset", ""):
            yield f"<{element.tag}> has a srcset at a third party"


def _address(element: Element, attribute: str) -> str:
    return element.get(attribute) or element.get("{http://www.w3.org/1999/xlink}href") or ""


def _headers(headers: Mapping[str, str], page: Page, signed_in: bool) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    if not policy:
        yield "no Content-Security-Policy"
    if "unsafe-" in policy:
        yield f"the Content-Security-Policy allows what is unsafe: {policy}"
    for script in page.all("script"):
        if script.get("nonce") and f"'nonce-{script.get('nonce')}'" not in policy:
            yield "a script's nonce is not the one of the Content-Security-Policy"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "no X-Content-Type-Options: nosniff"
    if signed_in and "no-store" not in headers.get("Cache-Control", ""):
        yield "a signed-in page without Cache-Control: no-store"


RULES: tuple[Rule, ...] = (
    one_heading,
    landmarks,
    unique_ids,
    labelled_fields,
    named_links_and_images,
    nothing_inline,
    nothing_foreign,
)
