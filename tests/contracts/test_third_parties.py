"""Nothing calls out (firewall, rule 7): no file that browsers get names a host that they would ask for something."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.paths import STATIC, TEMPLATES

TEXTS = {".html", ".css", ".scss", ".js", ".json", ".svg", ".txt", ".xml"}
# A name, not an address: nobody fetches it.
NAMESPACES = ("http://www.w3.org/",)
# Comments of libraries, and links that a person follows.
ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'<>)]*", re.IGNORECASE)
LINK = re.compile(r"<a\b[^>]*\bhref=\"(https://[^\"]+)\"", re.IGNORECASE)


def addresses(folder: Path) -> Iterator[str]:
    """Every address of another host in the files under `folder`, except where a person's click leads."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in TEXTS:
            continue
        text = path.read_text(encoding="utf-8")
        followed = set(LINK.findall(text)) if path.suffix == ".html" else set()
        for address in ADDRESS.findall(text):
            if not address.startswith(NAMESPACES) and address not in followed:
                yield f"{path}: {address}"


@pytest.mark.parametrize("folder", [TEMPLATES, STATIC])
def test_no_file_names_a_third_party(folder: Path) -> None:
    assert list(addresses(folder)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example.com/x.js"></script>'),
        ("a.html", '<img src="//images.example.com/x.png">'),
        ("a.css", "@import url(https://fonts.example.com/css);"),
        ("a.js", "fetch('https://api.example.com/')"),
        ("a.svg", '<image href="http://example.com/a.png"/>'),
    ],
)
def test_the_check_bites(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    assert len(list(addresses(tmp_path))) == 1


def test_links_and_namespaces_pass(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a class="x" href="https://www.gov.uk/advice">Advice</a>')
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')

    assert list(addresses(tmp_path)) == []
