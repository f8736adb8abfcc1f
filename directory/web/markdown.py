"""Markdown as commissioners write it, as HTML in the Design System's classes. HTML in it stays text."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
    "blockquote_open": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
}
# Paragraphs, lists, emphasis, headings and links; no images, tables or HTML.
_PARSER = MarkdownIt("zero").enable(
    ["heading", "list", "blockquote", "hr", "link", "emphasis", "escape", "newline", "entity", "backticks"]
)


def markdown(text: str, level: int = 3) -> Markup:
    """`text` as HTML that may stand in a page whose own heading above it is of `level` - 1.

    Headings of the text all become headings of `level`: what is written cannot break the page's outline. Links say
    nothing about us to where they lead; scripts cannot be links.
    """
    tokens = _PARSER.parse(text)
    _dress(tokens, level)
    # Everything in the result was escaped by the renderer: `html` is not among its options.
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704


def _dress(tokens: Sequence[Token], level: int) -> None:
    for token in tokens:
        if token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        if token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"
        if token.type == "heading_open":
            token.attrSet("class", "govuk-heading-s")
        _dress(token.children or (), level)
