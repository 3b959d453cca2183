"""Compares the cells of a terminal after partial updates with a full redraw.

Three layers skip output: unchanged rows, regions of the screen that are not dirty, and cells that
the terminal already shows. These tests cover all of them together. `pytest tests/bench/cells.py`
runs many more and longer sequences, in every size with every look.
"""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from nodion_tui.ui.terminal.plain_textual import PLAIN_VARIABLE
from tests.support.busy import BUSY, LIVE
from tests.support.cells_machine import LOOKS, SIZES, STARTING_POINTS, machine_of
from tests.support.frozen_terminal import FrozenTerminal
from tests.support.service_script import ServiceScript, serve_scripted

pytestmark = pytest.mark.pty

IN_CI = settings(
    max_examples=2,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SHRINK_SECONDS = 60
PLACES = list(STARTING_POINTS)[::2]
"""Every second one: each kind of screen, and the random sequences start from all of them."""


@pytest.fixture
def short_shrinking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits the time that Hypothesis spends on shrinking a failing sequence."""
    engine = "hypothesis.internal.conjecture.engine.MAX_SHRINKING_SECONDS"
    monkeypatch.setattr(engine, SHRINK_SECONDS)


@pytest.fixture
def stage() -> Iterator[tuple[ServiceScript, str]]:
    with serve_scripted(BUSY) as served:
        yield served


@pytest.mark.timeout(120 + 2 * SHRINK_SECONDS)
@pytest.mark.usefixtures("short_shrinking")
@pytest.mark.parametrize(("size", "look"), list(zip(SIZES, cycle(LOOKS), strict=False)))
def test_after_any_sequence_the_cells_equal_a_full_redraw(size: tuple[int, int], look: str) -> None:
    run_state_machine_as_test(machine_of(size, look), settings=IN_CI)


@pytest.mark.parametrize(
    ("place", "size", "look"),
    list(zip(PLACES, cycle(SIZES), cycle(LOOKS), strict=False)),
    ids=PLACES,
)
def test_every_screen_shows_concurrent_changes_correctly(
    place: str, size: tuple[int, int], look: str, stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    service, url = stage
    columns, rows = size
    with FrozenTerminal(
        service, url, tmp_path, columns=columns, rows=rows, **LOOKS[look]
    ) as terminal:

        def check(what: str) -> None:
            wrong = terminal.wrong_cells()
            assert not wrong, f"{what}: {[str(cell) for cell in wrong[:6]]}\n{terminal.text}"

        terminal.keys(*STARTING_POINTS[place])
        check("arrived")
        terminal.keys("down")
        check("moved")
        terminal.hover(columns // 2, rows // 2)
        service.begin_run(1)
        service.forget_run(2)
        terminal.poll()
        check("a run started, another was removed")
        terminal.write_log(LIVE["id"], "日本語 wide", "\x1b[31mred\x1b[0m", "ERROR it failed")
        check("the log grew")
        terminal.toast("a notification with 日本語")
        check("notified")
        service.end_run(0, "failed", 137)
        terminal.poll()
        terminal.pass_seconds(3)
        check("a run failed, time passed")
        terminal.resize_to((80, 24), size)
        check("resized and back")
        terminal.keys("up", "down")
        check("moved again")


def test_a_short_resize_leaves_no_row_cut_off(
    stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    """The terminal truncates its rows, although the program sees no other size."""
    with FrozenTerminal(*stage, tmp_path) as terminal:
        for smaller in ((80, 24), (40, 10), (119, 35)):
            terminal.resize_to(smaller, (120, 36))
            assert terminal.wrong_cells() == []


@pytest.mark.parametrize("key", ["pagedown", "pageup"])
def test_a_page_key_in_the_opening_palette_does_not_end_the_program(
    key: str, stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    with FrozenTerminal(*stage, tmp_path) as terminal:
        terminal.keys_at_once(["ctrl+p", key])
        assert terminal.wrong_cells() == []
        terminal.keys("escape")
        assert terminal.wrong_cells() == []


@pytest.mark.parametrize(
    "place", ["runs filtered", "log searched", "trigger env", "timeline", "wall"]
)
def test_a_plain_textual_shows_every_mode(
    place: str, stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    with FrozenTerminal(*stage, tmp_path, env={PLAIN_VARIABLE: "1"}) as terminal:
        terminal.keys(*STARTING_POINTS[place])
        assert terminal.wrong_cells() == []
        stage[0].begin_run(1)
        terminal.poll()
        terminal.write_log(LIVE["id"], "日本語 wide", "\x1b[31mred\x1b[0m", "ERROR it failed")
        terminal.keys("down", "up")
        assert terminal.wrong_cells() == []
        terminal.resize_to((80, 24))
        assert terminal.wrong_cells() == []
