"""Modules and functions stay short enough to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.paths import ROOT

MODULE_LINES = 300
FUNCTION_LINES = 50


def too_long(root: Path) -> Iterator[str]:
    """Each module and function under `root` that is too long, and why that matters."""
    for path in sorted(root.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        lines = len(source.splitlines())
        if lines > MODULE_LINES:
            yield f"{path}: {lines} lines, at most {MODULE_LINES}: split it by what changes together"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    said = f"{length} lines, at most {FUNCTION_LINES}: a function does one thing"
                    yield f"{path}:{node.lineno}: {node.name}: {said}"


@pytest.mark.parametrize("folder", ["directory", "tests/support", "tests/factories", "bench"])
def test_modules_and_functions_are_short(folder: str) -> None:
    found = list(too_long(ROOT / folder))

    assert not found, "\n" + "\n".join(found)


def test_the_check_bites(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * 301)
    (tmp_path / "long_function.py").write_text("def f():\n" + "    x = 1\n" * 50)
    (tmp_path / "fine.py").write_text("def f():\n" + "    x = 1\n" * 49 + "x = 1\n" * 250)

    found = list(too_long(tmp_path))

    assert [line.partition(":")[0].rpartition("/")[2] for line in found] == ["long.py", "long_function.py"]
