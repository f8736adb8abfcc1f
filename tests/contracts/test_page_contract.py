"""The page contract, which every page that a test fetches must keep, notices what it should."""

import pytest

from tests.support.page_contract import problems

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'nonce-abc'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
GOOD = """<!DOCTYPE html>
<html lang="en"><head><title>Find support – Directory</title><link rel="stylesheet" href="/static/app.css"></head>
<body><main id="main"><h1>Find support</h1>
<form action="/search" method="post"><input type="hidden" name="csrf_token" value="x">
<label for="near">Where</label><input id="near" name="near" aria-describedby="hint"><p id="hint">A postcode</p>
<label><input type="checkbox" name="open"> Open now</label>
<button>Search</button></form>
<img src="/static/map.svg" alt=""><a href="https://www.gov.uk/">Advice</a>
<svg role="img" aria-label="Map"><use href="#main"></use></svg>
</main><script nonce="abc" src="/static/app.js"></script></body></html>"""


def test_a_good_page_passes() -> None:
    assert problems(GOOD, HEADERS, signed_in=True) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<h1>Find support</h1>", "<p>Find support</p>", "0 h1 instead of one"),
        ("<h1>Find support</h1>", "<h1>Find support</h1><h1>More</h1>", "2 h1 instead of one"),
        ("<title>Find support", "<title>Support", "does not begin with the h1"),
        ("<h1>", '<div class="govuk-error-summary"></div><h1>', "begins with 'Error: '"),
        ('<html lang="en">', "<html>", "no lang"),
        ('<main id="main">', '<main></main><main id="main">', "2 main instead of one"),
        ('id="hint"', 'id="near"', "stands 2 times"),
        ('id="hint"', 'id="other"', "refers to no element"),
        ('<label for="near">Where</label>', "", "has no label"),
        ("> Open now", ">", "has no label"),
        ("<button>Search</button>", "<button></button>", "has no text"),
        (">Advice</a>", "></a>", "has no text"),
        (' alt=""', "", "has no alt"),
        ("<h1>", '<h1 style="color: red">', "inline style"),
        ("<button>", '<button onclick="go()">', "inline onclick"),
        ('"https://www.gov.uk/"', '"javascript:go()"', "javascript: address"),
        ("</head>", "<style>p {}</style></head>", "<style> element"),
        (' nonce="abc"', "", "no nonce"),
        (' nonce="abc"', ' nonce="xyz"', "not the one of the Content-Security-Policy"),
        ('src="/static/app.js"', 'src="https://cdn.example.com/app.js"', "third party"),
        ('href="/static/app.css"', 'href="//cdn.example.com/app.css"', "third party"),
        ('src="/static/map.svg"', 'src="HTTPS://tiles.example.com/1.png"', "third party"),
        ('action="/search"', 'action="https://example.com/"', "third party"),
        ('alt=""', 'alt="" srcset="https://example.com/2x.png 2x"', "third party"),
        ("<p id", "<div><p id", "not valid HTML"),
        ("<!DOCTYPE html>", "", "not valid HTML"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, said: str) -> None:
    assert old in GOOD

    found = problems(GOOD.replace(old, new, 1), HEADERS, signed_in=True)

    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("Content-Security-Policy", "", "no Content-Security-Policy"),
        ("Content-Security-Policy", "script-src 'unsafe-inline' 'nonce-abc'", "unsafe"),
        ("X-Content-Type-Options", "", "nosniff"),
        ("Cache-Control", "max-age=60", "no-store"),
    ],
)
def test_headers_count(header: str, value: str, said: str) -> None:
    found = problems(GOOD, HEADERS | {header: value}, signed_in=True)

    assert any(said in problem for problem in found), found


def test_a_page_for_anybody_may_be_kept() -> None:
    assert problems(GOOD, HEADERS | {"Cache-Control": "public"}, signed_in=False) == []
