"""Asking axe, in the page itself, what does not meet the Web Content Accessibility Guidelines."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_OPTIONS = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
_AXE = Axe()


def violations(page: Page) -> list[str]:
    """Every rule that the page breaks, with the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.axe_script)
    found = page.evaluate("options => axe.run(document, options).then(results => results.violations)", _OPTIONS)
    return [
        f"{violation['id']} ({violation['help']}): "
        + "; ".join(f"{node['target']} {node['html'][:160]}" for node in violation["nodes"][:5])
        for violation in found
    ]
