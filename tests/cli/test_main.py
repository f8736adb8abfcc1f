"""What every command has in common: exit codes, and one sentence where something outside is not as it should be."""

from pathlib import Path

import click
import pytest

from directory.cli import main
from directory.paths import ROOT
from directory.web import assets
from tests.support.commands import Commands

OUT_OF_REACH = "postgresql://someone:hush@127.0.0.1:1/directory"


@pytest.mark.parametrize("command", [("demo", "--port", "0"), ("db", "upgrade"), ("accounts", "token")])
def test_a_database_out_of_reach_is_one_sentence_for_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    arguments = ("--email", "a@b.example", "--scope", "search") if command[0] == "accounts" else ()

    refused = Commands(monkeypatch, capsys, OUT_OF_REACH)(*command, *arguments)

    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("The database ")
    assert refused.err.count("\n") == 1
    assert "hush" not in refused.err


def test_missing_assets_are_one_sentence(run: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(assets.FILES, "app.css", ROOT / "nowhere" / "app.css")

    refused = run("serve", "--port", "0")

    assert (refused.code, refused.out, refused.err) == (1, "", "app.css cannot be found: run `make assets`.\n")


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_code_that_a_command_leaves_with_is_kept(run: Commands, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    @click.command("leave")
    @click.pass_context
    def leave(context: click.Context) -> None:
        context.exit(code)

    monkeypatch.setattr(main.CommandTable, "get_command", lambda *_: leave)

    assert run("leave").code == code


def test_help_is_no_failure(run: Commands, tmp_path: Path) -> None:
    assert run("--help").code == 0
