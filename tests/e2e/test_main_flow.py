"""Main flow of the installed program in a pseudo-terminal, driven by keys, on its own engine."""

import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty

PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
SIZES = [(120, 36), (80, 24)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """Runs `nodion-tui --local` without any configuration or data."""
    columns, rows = request.param
    env = {
        "HOME": str(tmp_path),
        "NODION_TUI_CONFIG": str(tmp_path / "config"),
        "NODION_TUI_DATA": str(tmp_path / "data"),
        "TZ": "UTC",
    }
    argv = [PROGRAM, "--local"]
    with Terminal(argv, columns=columns, rows=rows, env=env, cwd=str(tmp_path)) as opened:
        opened.wait_for("All runners")
        yield opened


def _select_runner(terminal: Terminal, name: str) -> None:
    """Presses `]` until the runs of this runner are shown."""
    for _ in range(12):
        if re.search(rf"Runs · {re.escape(name)}", terminal.text):
            return
        shown = re.search(r"Runs · (.+?) ─", terminal.text)
        before = shown.group(1) if shown else ""
        terminal.press("]")
        terminal.wait_for(_without(f"Runs · {before} ─"))
    pytest.fail(f"{name} is not among the runners:\n{terminal.text}")


def _without(words: str) -> Callable[[str], bool]:
    return lambda screen: words not in screen


@pytest.mark.usefixtures("either_textual")
def test_trigger_watch_stop_and_quit(terminal: Terminal) -> None:
    terminal.wait_for("up to date")

    _select_runner(terminal, "Environment check")
    terminal.press("t")
    terminal.wait_for("Trigger")
    terminal.wait_for("Environment check")
    terminal.press("ctrl+j")
    terminal.wait_for("started here")
    terminal.press("backspace")  # what is told hides the end of a log as short as this
    terminal.wait_for("done by sh -c")
    terminal.wait_for("succeeded, exit 0")

    _select_runner(terminal, "Queue worker")
    terminal.press("t")
    terminal.wait_for("Trigger")
    terminal.press("ctrl+j")
    terminal.wait_for("● running")
    terminal.wait_for("Executing command")
    terminal.press("X")
    terminal.wait_for("Keep running")
    terminal.press("tab", "enter")
    terminal.wait_for("⊘ canceled")

    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.is_restored()


def test_the_demo_shows_a_log_without_a_key_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    env = {
        "HOME": str(tmp_path),
        "NODION_TUI_DATA": str(tmp_path / "data"),
        "TMPDIR": str(tmp_path / "tmp"),
    }
    with Terminal([PROGRAM, "--demo"], columns=120, rows=36, env=env, cwd=str(tmp_path)) as shown:
        shown.wait_for("queue worker connected to")
        shown.wait_for("demo: simulated data, gone at the end · Enter opens a log · t triggers")
        assert list((tmp_path / "tmp").iterdir())
        shown.press("q")
        assert shown.wait_exit() == 0
    assert not list((tmp_path / "tmp").iterdir())
    assert {path.name for path in (tmp_path / "data").iterdir()} <= {"state.toml"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_restores_the_terminal(tmp_path: Path, number: signal.Signals) -> None:
    env = {"HOME": str(tmp_path), "NODION_TUI_DATA": str(tmp_path / "data")}
    with Terminal([PROGRAM, "--local"], env=env, cwd=str(tmp_path)) as terminal:
        terminal.wait_for("up to date")
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.is_restored()


def test_no_process_of_the_engine_survives_a_killed_dashboard(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "NODION_TUI_DATA": str(tmp_path / "data"), "MARK": "1"}
    with Terminal([PROGRAM, "--local"], env=env, cwd=str(tmp_path)) as terminal:
        terminal.wait_for("up to date")
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
        assert _all_ended(str(tmp_path))


def _all_ended(folder: str) -> bool:
    """Whether within ten seconds no process has this working directory."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not any(_cwd(process) == folder for process in Path("/proc").glob("[0-9]*")):
            return True
        time.sleep(0.05)
    return False


def _cwd(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return ""
