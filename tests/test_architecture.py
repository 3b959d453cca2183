"""The measures that tell when a room is wrong; the import contracts are lint-imports' part."""

import ast
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import nodion_tui

ROOT = Path(nodion_tui.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if "demo_jobs" not in path.parts)
MODULES = sorted(module.name for module in pkgutil.walk_packages([str(ROOT)], "nodion_tui."))

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
HEAVY = ("textual", "rich", "httpx", "starlette", "uvicorn")


def loaded_by(program: str, *arguments: str) -> set[str]:
    """The modules that a fresh interpreter has after a program."""
    tell = "import atexit, json, sys; atexit.register(lambda: print(json.dumps([*sys.modules])))"
    done = subprocess.run(
        [sys.executable, "-c", f"{tell}\n{program}", *arguments],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def in_room(room: str) -> list[str]:
    return [name for name in MODULES if name == room or name.startswith(f"{room}.")]


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("nodion_tui.model", HEAVY),
        ("nodion_tui.config", HEAVY),
        ("nodion_tui.monitor", HEAVY),
        # httpx has a command line of its own, which loads rich where there is one.
        ("nodion_tui.api", ("textual", "starlette", "uvicorn")),
        ("nodion_tui.local", ("textual", "httpx")),
        ("nodion_tui.cli", HEAVY),
    ],
)
def test_importing_a_room_loads_nothing_of_another(room: str, forbidden: tuple[str, ...]) -> None:
    modules = [name for name in in_room(room) if not name.endswith("__main__")]
    assert len(modules) > 1
    assert loaded_by(f"import {', '.join(modules)}").isdisjoint(forbidden)


def test_the_version_is_told_before_anything_is_imported() -> None:
    program = "from nodion_tui.cli import main; main()"
    loaded = loaded_by(program, "--version")
    assert loaded.isdisjoint({*HEAVY, "click", "msgspec", "asyncio"})
    assert {name for name in loaded if name.startswith("nodion_tui")} == {
        "nodion_tui",
        "nodion_tui.cli",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_answers_one_question_and_says_which(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_the_median_file_is_short() -> None:
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES)
    assert lengths[len(lengths) // 2] <= 120
    assert sum(length > 250 for length in lengths) <= len(lengths) // 10
