"""How templates write telephone numbers, languages, lists and Markdown."""

import pytest

from directory.web.filters import in_a_sentence, language_with_autonym, phone_link
from directory.web.markdown import markdown


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("020 7946 0123", "tel:+442079460123"),
        ("+44 (0)20 7946 0123", "tel:+442079460123"),
        ("0808 2000 247", "tel:+448082000247"),
        ("999", "tel:999"),
        ("101", "tel:101"),
        ("116 123", "tel:116123"),
        ("07700 900123 ext. 4", "tel:+447700900123;ext=4"),
        ("nonsense", "tel:"),
    ],
)
def test_a_number_is_called_with_one_tap(number: str, address: str) -> None:
    assert phone_link(number) == address


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "English"),
        ("so", 'Somali (<bdi lang="so">Soomaali</bdi>)'),
        ("fr", 'French (<bdi lang="fr">Français</bdi>)'),
        ("bfi", "British Sign Language"),
        ("xx<", "xx<"),
    ],
)
def test_a_language_is_named_in_english_and_by_its_own_name(code: str, words: str) -> None:
    assert language_with_autonym(code) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["Barnet"], "Barnet"), (["Barnet", "Brent"], "Barnet and Brent"), (["A", "B", "C"], "A, B and C")],
)
def test_names_make_a_sentence(names: list[str], words: str) -> None:
    assert in_a_sentence(names) == words


def test_markdown_wears_the_design_system_s_classes() -> None:
    html = markdown("# Head\n\nText **bold** [link](https://www.gov.uk)\n\n- one", level=3)

    assert html == (
        '<h3 class="govuk-heading-s">Head</h3>\n'
        '<p class="govuk-body">Text <strong>bold</strong> '
        '<a href="https://www.gov.uk" class="govuk-link" rel="noopener noreferrer">link</a></p>\n'
        '<ul class="govuk-list govuk-list--bullet">\n<li>one</li>\n</ul>\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>)",
        "[x](vbscript:x)",
        "![x](https://evil.example/pixel.png)",
        "<img src=x onerror=alert(1)>",
        '[x](https://a.example "\\"onmouseover=alert(1)")',
    ],
)
def test_markdown_runs_and_fetches_nothing(source: str) -> None:
    html = str(markdown(source))

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="java' not in html.lower()
    assert 'href="vb' not in html.lower()
    assert 'href="data' not in html.lower()
    assert '" onmouseover' not in html
    assert '"onmouseover' not in html
