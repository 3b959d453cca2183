"""Limits that show when a module or package is too large or in the wrong place.

The order of layers and packages is checked by the import contracts in pyproject.toml.
"""

import ast
import json
import pkgutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import nodion_tui

ROOT = Path(nodion_tui.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if "demo_jobs" not in path.parts)
MODULES = sorted(module.name for module in pkgutil.walk_packages([str(ROOT)], "nodion_tui."))

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_MODULES = 20
"""In one folder, without its `__init__`."""
MOST_METHODS = 40
"""Of a class together with its base classes in this package; properties count."""
COMMON_NAMES = frozenset({"screen", "dialog", "flow", "commands"})
"""Module names that several packages of one layer may use: each subject has its own."""
FIRST_PAINT = (
    "nodion_tui.cli.exit_guard",
    "nodion_tui.cli.commands.dashboard",
    "nodion_tui.ui.run",
    "nodion_tui.ui.app",
    "nodion_tui.ui.problems.find",
    "nodion_tui.ui.session.saved_state",
)
"""What the dashboard imports until its first frame is painted."""
READS_LINES = (
    "regex",
    "nodion_tui.monitor.log.line.reader",
    "nodion_tui.monitor.log.levels.judge",
    "nodion_tui.monitor.insight.line_shape",
)
"""What compiles many patterns to read lines of logs."""
ON_DEMAND = (
    "nodion_tui.cli.local_engine",
    "nodion_tui.monitor.storage.views",
    "nodion_tui.ui.failure_actions",
    "nodion_tui.ui.session.profile_chooser",
    "nodion_tui.ui.session.theme_menu",
    "nodion_tui.ui.views.view_actions",
)
"""What a session may never use."""
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


def own(loaded: set[str]) -> set[str]:
    return {name for name in loaded if name.startswith("nodion_tui")}


def in_room(room: str) -> list[str]:
    return [name for name in MODULES if name == room or name.startswith(f"{room}.")]


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("nodion_tui.model", HEAVY),
        ("nodion_tui.config", HEAVY),
        ("nodion_tui.monitor", HEAVY),
        ("nodion_tui.api", ("textual", "rich", "click", "starlette", "uvicorn")),
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
    assert own(loaded) == {"nodion_tui", "nodion_tui.cli"}


def test_the_first_paint_loads_nothing_that_only_forms_logs_or_requests_need() -> None:
    loaded = loaded_by(f"import {', '.join(FIRST_PAINT)}")
    assert "nodion_tui.ui.dashboard.screen" in loaded
    late = {"textual.widgets._text_area", "nodion_tui.ui.log.pane", "httpx", "logging.handlers"}
    late |= {"tomllib", "nodion_tui.config.own_commands", "nodion_tui.ui.commands.keymap"}
    dialogs = {"nodion_tui.ui.terminal.dialog_door", "nodion_tui.ui.dialogs.box"}
    modes = {"nodion_tui.ui.chrome.mode_screen", "nodion_tui.ui.commands.palette"}
    assert loaded.isdisjoint({*late, *modes, *dialogs, "click", "nodion_tui.monitor.monitor"})
    assert loaded.isdisjoint(ON_DEMAND)
    assert len(own(loaded)) <= 175


def test_the_first_rows_load_nothing_that_reads_lines() -> None:
    loaded = loaded_by(f"import {', '.join(FIRST_PAINT)}, nodion_tui.monitor.monitor")
    assert loaded.isdisjoint({*READS_LINES, *ON_DEMAND, "nodion_tui.ui.log.pane"})
    assert len(own(loaded)) <= 264


@pytest.mark.parametrize(
    ("command", "late", "most"),
    [
        (
            "lists",
            {"nodion_tui.monitor.runs.filter", "nodion_tui.monitor.storage.views", *READS_LINES},
            80,
        ),
        (
            "log.logs",
            {"nodion_tui.cli.follow_log", "nodion_tui.api.follow.events", *READS_LINES},
            85,
        ),
    ],
)
def test_a_command_loads_nothing_for_options_that_are_not_given(
    command: str, late: set[str], most: int
) -> None:
    modules = f"nodion_tui.cli.exit_guard, nodion_tui.cli.root, nodion_tui.cli.commands.{command}"
    loaded = loaded_by(f"import {modules}, nodion_tui.api.client")
    acts = {"nodion_tui.monitor.runs.run_control", "nodion_tui.cli.completion.values", "difflib"}
    settings = {"tomllib", "nodion_tui.config.own_commands", "nodion_tui.config.notify_rules"}
    streams = {"httpx_sse", "nodion_tui.api.http.stream"}
    assert loaded.isdisjoint(late | acts | settings | streams)
    assert loaded.isdisjoint({"logging.handlers", "nodion_tui.ui"})
    assert len(own(loaded)) <= most


def test_a_short_command_looks_for_no_garbage() -> None:
    program = """
import atexit, gc
from nodion_tui.cli import main
collections = []
gc.callbacks.append(lambda *_: collections.append(gc.isenabled()))
atexit.register(lambda: print(len(collections), gc.get_freeze_count() > 10_000))
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "keys"], capture_output=True, check=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "0 True"


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


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of every import, those for types and inside functions included."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def test_a_folder_holds_few_modules() -> None:
    folders = Counter(path.parent for path in FILES if path.name != "__init__.py")
    assert {str(folder): n for folder, n in folders.items() if n > MOST_MODULES} == {}


def test_no_two_modules_of_a_layer_have_one_name() -> None:
    places = defaultdict(list)
    for path in FILES:
        layer, *packages = path.relative_to(ROOT).with_suffix("").parts
        if packages and packages[-1] not in COMMON_NAMES | {"__init__"}:
            places[layer, packages[-1]].append(str(path))
    assert [found for found in places.values() if len(found) > 1] == []


def test_one_class_name_means_one_thing() -> None:
    places = defaultdict(list)
    for path in FILES:
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(dotted(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_modules_import_each_other_in_no_circle() -> None:
    modules = {dotted(path): path for path in FILES}
    graph = {
        name: {
            target
            for module, part in imported(path)
            for target in [f"{module}.{part}" if f"{module}.{part}" in modules else module]
            if target in modules and target != name
        }
        for name, path in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_classes_are_small_with_all_their_bases() -> None:
    classes = {
        node.name: node
        for path in FILES
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef)
    }

    def methods(name: str) -> set[str]:
        node = classes.get(name)
        if node is None:
            return set()
        own = {
            item.name
            for item in node.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        return own.union(*(methods(base_name(base)) for base in node.bases))

    counts = {name: len(methods(name)) for name in classes}
    assert {name: n for name, n in counts.items() if n > MOST_METHODS} == {}


def base_name(base: ast.expr) -> str:
    """`Base` of `Base`, `module.Base` and `Base[T]`."""
    return ast.unparse(base).partition("[")[0].rpartition(".")[2]
