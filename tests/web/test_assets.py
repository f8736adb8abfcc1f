"""How the style sheet and the script are made."""

import json
import re

import pytest
from flask import Flask

from directory.paths import ROOT
from directory.web import assets
from directory.web.assets import AssetsMissingError, init_assets

SETUP = ROOT / ".setup"


def test_the_lock_file_holds_versions_and_hashes_and_no_address_of_a_registry() -> None:
    packages = json.loads((SETUP / "npm" / "package-lock.json").read_text())["packages"]
    installed = [package for name, package in packages.items() if name]

    assert installed
    assert all("resolved" not in package for package in installed)
    assert all(package["integrity"].startswith("sha512-") for package in installed)


def test_versions_are_exact() -> None:
    wanted = json.loads((SETUP / "npm" / "package.json").read_text())["dependencies"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_npm_for_machines_without_one_comes_with_hashes() -> None:
    text = (SETUP / "requirements-node.txt").read_text()

    assert "--hash=sha256:" in text
    assert "://" not in text


def test_without_its_style_sheet_the_application_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(assets.FILES, "app.css", ROOT / "nowhere" / "app.css")

    with pytest.raises(AssetsMissingError, match=r"app\.css cannot be found: run `make assets`"):
        init_assets(Flask("x"))
