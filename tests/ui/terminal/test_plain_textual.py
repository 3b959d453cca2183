"""Textual's own driver and compositor: when they are used, and that everything works with them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nodion_tui.ui.terminal.plain_textual import (
    PLAIN_VARIABLE,
    TextualWay,
    choose_way,
    plain_textual,
)

ROOT = Path(__file__).parents[3]
DOOR = "nodion_tui.ui.terminal.inside."
IMPORT_EVERYTHING = f"""
import importlib, json, pkgutil, sys
import nodion_tui.ui
for module in pkgutil.walk_packages(nodion_tui.ui.__path__, "nodion_tui.ui."):
    if not f"{{module.name}}.".startswith("{DOOR}"):
        importlib.import_module(module.name)
print(json.dumps([name for name in sys.modules if name.startswith("{DOOR}")]))
"""


def run(*arguments: str, plain: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {PLAIN_VARIABLE: plain, "PYTEST_ADDOPTS": ""}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("version", "way"),
    [
        ("8.2.7", "plain"),
        ("8.2.8", "own"),
        ("8.2.10", "own"),
        ("8.3.0rc1", "plain"),
        ("8.3.0", "plain"),
        ("9.0.0", "plain"),
        ("unknown", "plain"),
    ],
)
def test_a_version_that_is_not_tested_is_used_as_it_is(version: str, way: str) -> None:
    assert choose_way("", version).plain is (way == "plain")
    assert choose_way("", version).reason.startswith(f"Textual {version}")
    for variable, forced in (("1", True), ("0", False)):
        reason = f"Textual {version}, NODION_TUI_PLAIN_TEXTUAL={variable}"
        assert choose_way(variable, version) == TextualWay(forced, reason)


@pytest.mark.parametrize("plain", ["0", "1"])
def test_a_plain_textual_loads_nothing_that_leans_on_private_names(plain: str) -> None:
    done = run("-c", IMPORT_EVERYTHING, plain=plain)
    assert done.returncode == 0, done.stderr
    assert bool(json.loads(done.stdout)) is (plain == "0")


FLOWS = {
    "tests/ui/dashboard/test_flows.py": ("trigger_selects", "zoom", "resizing"),
    "tests/ui/log/test_pane_search.py": ("search_goes", "escape_goes_back"),
    "tests/ui/trigger/test_dialog.py": ("never_overtakes", "leaving_asks"),
    "tests/ui/timeline/test_screen.py": ("enter_opens", "click_on_a_bar"),
    "tests/ui/wall/test_screen.py": ("enter_opens", "further_pages"),
}
"""Flows under Pilot: file, and words in the names of tests."""


@pytest.mark.skipif(plain_textual(), reason="the whole run is on a plain Textual")
def test_flows_work_on_a_plain_textual() -> None:
    words = [word for flows in FLOWS.values() for word in flows]
    some = ("-k", " or ".join(words))
    done = run("-m", "pytest", "-n0", "-p", "no:cacheprovider", *FLOWS, *some, plain="1")
    assert done.returncode == 0, done.stdout[-20_000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed, done.stdout
    assert int(passed.group(1)) >= len(words)
