"""One row of the focused list is highlighted, and keys act on that row.

The cells of a real terminal show which row has the background of the cursor, from edge to edge;
`c` copies the id of its run.
"""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.canned import Canned, run, runner
from tests.support.cells_machine import LOOKS
from tests.support.frozen_terminal import FrozenTerminal
from tests.support.service_script import ServiceScript, serve_scripted

pytestmark = pytest.mark.pty

RUNNERS = [runner(number, f"Runner {number}") for number in range(1, 5)]
MANY = Canned(
    runners=RUNNERS,
    runs={
        item["id"]: [
            run(
                100 * position + number,
                ("running", "failed", "succeeded")[number % 3],
                60 * number + position,
                None if number % 3 == 0 else 30,
                command=f"job-{100 * position + number}.",
            )
            for number in range(1, 31)
        ]
        for position, item in enumerate(RUNNERS, 1)
    },
)
CLIPBOARD = re.compile(rb"\x1b\]52;c;([^\x07\x1b]*)(?:\x07|\x1b\\)")
FRAME = {"│", "║"}
"""Border of a pane; the second is that of the focused pane without colour."""
STEPS: dict[str, tuple[str, ...]] = {
    "start": (),
    "down": ("j", "j"),
    "up": ("j", "j", "k"),
    "end": ("G",),
    "top": ("G", "g"),
    "page": ("pagedown", "pagedown", "pageup"),
    "next runner": ("]", "]", "["),
    "filtered": ("/", *"failed", "enter", "j"),
    "filter gone": ("/", *"failed", "enter", "j", "escape"),
    "sorted": ("j", "j", "s", "down", "enter"),
    "marked": ("space", "space"),
    "back from help": ("j", "?", "escape", "j"),
    "back from the timeline": ("j", "2", "1", "j"),
    "zoomed": ("j", "z", "j"),
}


@pytest.fixture
def stage() -> Iterator[tuple[ServiceScript, str]]:
    with serve_scripted(MANY) as served:
        yield served


def highlighted_rows(terminal: FrozenTerminal) -> list[str]:
    """Text of the highlighted rows of the focused list; each must be highlighted completely."""
    cells = terminal.cells
    y, x = next(
        (y, x)
        for y, row in enumerate(cells)
        for x, cell in enumerate(row)
        if cell.data == "▌" and x and row[x - 1].data in FRAME
    )
    background = (cells[y][x].bg, cells[y][x].reverse)
    right = next(
        column for column in range(x + 1, terminal.size[0]) if cells[y][column].data in FRAME
    )
    inside = range(x, right - 1)  # The last column may be a scrollbar.
    rows = [row for row in cells if row[x - 1].data in FRAME]
    highlighted = [
        row for row in rows if any((row[at].bg, row[at].reverse) == background for at in inside)
    ]
    for row in highlighted:
        columns = [at for at in inside if (row[at].bg, row[at].reverse) == background]
        assert columns == list(inside), f"highlighted in {columns} of {inside}:\n{terminal.text}"
    return ["".join(row[at].data for at in inside) for row in highlighted]


_END = 5
"""Characters at the end of a command, which differ from run to run."""


def copied(terminal: FrozenTerminal) -> str:
    """Id that `c` copies."""
    start = len(terminal.raw)
    terminal.keys("c")
    terminal.clear_toasts()
    sent = CLIPBOARD.findall(bytes(terminal.raw[start:]))
    assert len(sent) == 1, "expected one copied id"
    return base64.b64decode(sent[0]).decode()


def check(terminal: FrozenTerminal, stage: ServiceScript) -> None:
    """Checks that one row is highlighted, and that `c` copies the id of its run."""
    assert terminal.wrong_cells() == []
    rows = highlighted_rows(terminal)
    assert len(rows) == 1, f"{rows}\n{terminal.text}"
    run_id = copied(terminal)
    runs = [item for runs in stage.runs.values() for item in runs if item["id"] == run_id]
    assert len(runs) == 1, run_id
    # A long command is cut in the middle.
    assert runs[0]["command"][-_END:] in rows[0], terminal.text


@pytest.mark.parametrize(
    ("size", "look", "every"),
    [
        ((120, 36), "dark", 1),
        ((80, 24), "no-colour", 2),
        ((200, 50), "ansi", 3),
        ((120, 36), "light", 3),
    ],
)
def test_the_highlighted_row_is_the_one_that_keys_act_on(
    size: tuple[int, int], look: str, every: int, stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    service, url = stage
    columns, rows = size
    with FrozenTerminal(
        service, url, tmp_path, columns=columns, rows=rows, **LOOKS[look]
    ) as terminal:
        from_runners_to_runs = ("tab",) if columns >= 120 else ("escape", "enter")
        terminal.keys(*from_runners_to_runs)
        for keys in list(STEPS.values())[::every]:
            terminal.keys(*keys)
            check(terminal, service)
            terminal.keys("escape", "escape", "escape", *from_runners_to_runs, "g")


def test_the_highlighted_runner_is_the_one_whose_runs_are_shown(
    stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    with FrozenTerminal(*stage, tmp_path) as terminal:
        for key, name in (("j", "Runner 1"), ("G", "Runner 4"), ("k", "Runner 3"), ("g", "All")):
            terminal.keys(key)
            assert terminal.wrong_cells() == []
            (row,) = highlighted_rows(terminal)
            assert name in row
            assert f"Runs · {name}" in terminal.text


def test_the_cursor_stays_on_its_run_when_runs_come_and_go(
    stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    service, url = stage
    with (
        serve_scripted(MANY) as (_, other),
        FrozenTerminal(service, url, tmp_path, profiles={"still": url, "other": other}) as terminal,
    ):
        terminal.keys("tab", "j", "j", "j")
        before = copied(terminal)
        for number in range(3):
            service.begin_run(number, command=f"job-new-{number}.")
            terminal.poll()
            check(terminal, service)
            assert copied(terminal) == before

        siblings = next(runs for runs in service.runs.values() if before in {r["id"] for r in runs})
        siblings[:] = [item for item in siblings if item["id"] != before]
        terminal.poll()
        check(terminal, service)
        assert copied(terminal) != before

        terminal.keys("P")
        terminal.keys("2")
        terminal.poll()
        check(terminal, service)
