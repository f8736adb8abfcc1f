"""How the style sheet and the script are made."""

import json
import re
import shutil
import subprocess
from pathlib import Path

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


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of what assets.sh reads, in `root/`, and a `bin/` whose npm and Python write down that they were run."""
    root, bin_ = tmp_path / "root", tmp_path / "bin"
    for folder in (".setup", "directory/web/static/src"):
        shutil.copytree(ROOT / folder, root / folder)
    for path, name in ((bin_ / "npm", "npm"), (root / ".venv" / "bin" / "python", "python")):
        path.parent.mkdir(parents=True)
        path.write_text(
            f'#!/bin/sh\necho "{name} $* cache=${{npm_config_cache:-}}"\necho "why {name} fails" >&2\nexit 7\n'
        )
        path.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("version", "runs"),
    [("v20.20.2", "npm"), ("v18.0.0", "npm"), ("v16.20.1", "python"), ("v8.1.0", "python"), ("what?", "python")],
)
def test_the_systems_npm_is_used_when_its_node_is_new_enough(machine: Path, version: str, runs: str) -> None:
    node = machine / "bin" / "node"
    node.write_text(f"#!/bin/sh\necho '{version}'\n")
    node.chmod(0o755)

    made = build(machine)

    assert made.returncode == 7
    assert f"why {runs} fails" in made.stderr


def build(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "root" / ".setup" / "assets.sh"],
        env={"PATH": f"{machine / 'bin'}:/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_npm_says_why_it_fails_and_writes_nothing_into_the_home_folder(machine: Path) -> None:
    for name, text in (("node", "echo v20.0.0"), ("npm", 'echo "$* cache=$npm_config_cache" >&2; exit 1')):
        (machine / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (machine / "bin" / name).chmod(0o755)

    made = build(machine)

    assert made.returncode == 1
    assert f"--loglevel=error cache={machine / 'root' / 'build' / 'npm-cache'}\n" in made.stderr
    assert "--silent" not in made.stderr
