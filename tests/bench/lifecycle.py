"""The terminal lifecycle: repaint after `fg`, exit after a hang-up and in an opening, settling.

`pytest -n 0 -s tests/bench/lifecycle.py`
"""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM
from tests.support.terminal import Terminal
from tests.trust.conftest import OpenTerminal, Serve, dashboard, environment, serve
from tests.trust.test_lifecycle import end_after, is_painted, watched

__all__ = ["dashboard", "environment", "serve"]

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

PAINTED_SECONDS = 0.5
GONE_SECONDS = 2.0
SETTLED_SECONDS = 0.5
_RESIZES = 1_000
_OPENING = [*"?TWMCVPs/exfzt:cN", "ctrl+p", "ctrl+r", "tab", "enter"]


def test_painted_again_after_a_stop(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        took = [_stopped_and_continued(terminal) for _ in range(10)]
    print(f"\npainted after fg: {max(took):.3f} s at most, limit {PAINTED_SECONDS}")
    assert max(took) <= PAINTED_SECONDS


def _stopped_and_continued(terminal: Terminal) -> float:
    terminal.signal(signal.SIGTSTP)
    os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
    start, began = len(terminal.raw), time.monotonic()
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(lambda _: is_painted(terminal, start))
    return time.monotonic() - began


@pytest.mark.parametrize("seed", range(100))
def test_ended_while_something_is_opened(serve: Serve, dashboard: OpenTerminal, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which keys, again for the same seed
    keys = chance.choices(
        [*"?TWMCVPs/exfzt:cN", "ctrl+p", "ctrl+r", "tab", "enter"], k=seed % 3 + 1
    )
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for("line 29")
        time.sleep(chance.choice([0, 0.4, 1.2]))  # a form is mounted ahead meanwhile
        end_after(terminal, chance.random() * 0.15, *keys)


def test_gone_after_a_hang_up(serve: Serve, environment: dict[str, str], tmp_path: Path) -> None:
    env = environment | {"NODION_API_URL": serve(watched())}
    argv = ["sh", "-c", f"trap '' HUP; exec {PROGRAM}"]
    took = []
    for _ in range(5):
        with Terminal(argv, env=env, cwd=str(tmp_path)) as terminal:
            terminal.wait_for("line 29")
            began = time.monotonic()
            terminal.hang_up()
            terminal.process.wait(20)
            took.append(time.monotonic() - began)
    print(f"\ngone after a hang-up: {max(took):.3f} s at most, limit {GONE_SECONDS}")
    assert max(took) <= GONE_SECONDS


def test_settled_after_a_storm(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for("line 29")
        for step in range(_RESIZES):
            terminal.resize(1 + step * 37 % 500, 1 + step * 23 % 200)
            time.sleep(0.005)
        began = time.monotonic()
        terminal.resize(110, 32)
        terminal.wait_for(lambda text: "line 29" in text and "trigger" in text)
        took = time.monotonic() - began
    print(f"\nsettled after {_RESIZES:,} resizes: {took:.3f} s, limit {SETTLED_SECONDS}")
    assert took <= SETTLED_SECONDS
