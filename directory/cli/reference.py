"""The reference documents in `docs/`, written by the program that they describe: commands, settings and access."""

from collections.abc import Iterator
from dataclasses import fields

import click

from directory.accounts.permissions import Permission, Role, may
from directory.cli.main import cli
from directory.common.access import Access, declared
from directory.config import Settings
from directory.factory import create_app
from directory.paths import ROOT

NOTE = "<!-- Written by `support-directory docs`; a test compares. Change the program, not this file. -->"


@click.command("docs", hidden=True)
def docs() -> None:
    """Write anew the documents that a test compares with the program."""
    for path, text in documents().items():
        (ROOT / path).write_text(text, encoding="utf-8")
        click.echo(path)


def documents() -> dict[str, str]:
    """Each document's path from the project's root, and its text."""
    return {
        "docs/access.md": access_document(),
        "docs/commands.md": commands_document(),
        "docs/settings.md": settings_document(),
    }


def access_document() -> str:
    """Every route, and which roles may use it."""
    roles = list(Role)
    lines = [
        "# Who may use which route",
        "",
        NOTE,
        "",
        "Each route declares beside its view who may use it; the application does not start while one does not. A test",
        "asks every route as nobody and as each role. The API's routes need a token; its holder's role",
        "must allow the same.",
        "",
        "| route | methods | declared | " + " | ".join(roles) + " |",
        "|---|---|---|" + "---|" * len(roles),
    ]
    # No request is answered, so neither the secret nor the database is ever used.
    app = create_app(Settings(database_url="sqlite://", secret_key=NOTE))
    rows = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        access = declared(app.view_functions[rule.endpoint]) or Access("public")
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        marks = " | ".join(_mark(role, access) for role in roles)
        rows.append(f"| `{rule.rule}` | {methods} | {f'{access.kind} {access.name}'.strip()} | {marks} |")
    return "\n".join(lines + rows) + "\n"


def _mark(role: Role, access: Access) -> str:
    if access.kind == "token":
        return "token"
    return "yes" if access.kind != "permission" or may(role, Permission(access.name)) else "–"


def settings_document() -> str:
    """Every setting that the environment can give: its name, default and meaning."""
    lines = [
        "# Settings",
        "",
        NOTE,
        "",
        "Read once, when a command or the server starts, from environment variables. An empty one counts as not given;",
        "one that cannot be used stops the start with a sentence that names it.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for item in fields(Settings):
        row = (item.metadata["name"], item.metadata["default"], item.metadata["meaning"])
        lines.append("| `{}` | {} | {} |".format(*(cell.replace("|", "\\|") for cell in row)))
    return "\n".join(lines) + "\n"


def commands_document() -> str:
    """Every command with what it says about itself."""
    lines = [
        "# Commands",
        "",
        NOTE,
        "",
        "`.venv/bin/support-directory`, also `python -m directory`. Exit 0: done; 1: refused, with the reason on",
        "standard error; 2: wrong use. Every command knows `--help`.",
        "",
    ]
    for path, command in _commands(cli, "support-directory"):
        lines += _section(path, command)
    return "\n".join(lines).rstrip() + "\n"


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _section(path: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    paragraphs = [" ".join(part.split()) for part in (command.help or "").split("\n\n")]
    lines = [f"## {path.removeprefix('support-directory ')}", "", f"`{usage}`", ""]
    for paragraph in paragraphs:
        lines += [paragraph, ""]
    found = [item.get_help_record(context) for item in command.params]
    # An argument has no help of its own: the command's text speaks of it.
    records = [record for record in found if record is not None and record[1]]
    if records:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{option}` | {meaning} |" for option, meaning in map(_escaped, records)]
        lines.append("")
    return lines


def _escaped(record: tuple[str, str]) -> tuple[str, str]:
    option, meaning = (text.replace("|", "\\|") for text in record)
    return option, meaning
