"""A page as a reader meets it: parsed strictly, with the few ways of looking at it that tests need."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib


class Page:
    """A parsed HTML page. `errors` lists what a strict parser finds wrong with it."""

    def __init__(self, html: str) -> None:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        self.root: Element = parser.parse(html)
        self.html = html
        self.errors = [
            f"line {line}: {code} {details or ''}".rstrip() for (line, _column), code, details in parser.errors
        ]

    def all(self, tag: str = "*", within: Element | None = None, **attributes: str) -> list[Element]:
        """Every element of `tag` whose attributes have these values; `class_` asks for one class among several."""
        start = self.root if within is None else within
        return [element for element in start.iter() if _is(element, tag, attributes)]

    def one(self, tag: str = "*", within: Element | None = None, **attributes: str) -> Element:
        """The only such element; anything else fails the test."""
        found = self.all(tag, within, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes} instead of one"
        return found[0]

    @property
    def title(self) -> str:
        """The text of <title>."""
        return text_of(self.one("title"))

    @property
    def h1(self) -> str:
        """The text of the only <h1>."""
        return text_of(self.one("h1"))

    @property
    def text(self) -> str:
        """What <main> says, with single spaces."""
        return text_of(self.one("main"))

    def link(self, text: str) -> str:
        """Where the only link with this text leads."""
        found = [link for link in self.all("a") if text_of(link) == text]
        assert len(found) == 1, f"{len(found)} links {text!r} instead of one"
        return found[0].get("href", "")

    def form_values(self, form: Element) -> dict[str, list[str]]:
        """What a browser would send of `form` as it stands, without its buttons."""
        values: dict[str, list[str]] = {}
        for name, value in _successful_controls(form):
            values.setdefault(name, []).append(value)
        return values

    def field_errors(self) -> list[str]:
        """The messages of the error summary, in their order."""
        summaries = self.all("div", class_="govuk-error-summary")
        return [text_of(item) for summary in summaries for item in self.all("li", summary)]


def text_of(element: Element) -> str:
    """The text inside `element`, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _is(element: Element, tag: str, attributes: dict[str, str]) -> bool:
    if not isinstance(element.tag, str) or tag not in ("*", element.tag):
        return False
    for name, wanted in attributes.items():
        if name == "class_":
            if wanted not in element.get("class", "").split():
                return False
        elif element.get(name.replace("_", "-")) != wanted:
            return False
    return True


def _successful_controls(form: Element) -> Iterator[tuple[str, str]]:
    for control in form.iter():
        name = control.get("name")
        if not name or "disabled" in control.attrib:
            continue
        if control.tag == "input" and control.get("type") not in ("submit", "button", "image", "file"):
            if control.get("type") not in ("checkbox", "radio"):
                yield name, control.get("value", "")
            elif "checked" in control.attrib:
                yield name, control.get("value", "on")
        elif control.tag == "textarea":
            yield name, control.text or ""
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [option for option in options if "selected" in option.attrib] or options[:1]
            for option in chosen:
                yield name, option.get("value", option.text or "")
