"""One row of the focused list wears the cursor, and it is the one that keys act on.

Read from the cells of a real terminal: which row has the cursor's ground, from edge to edge, and
what `c` copies from there.
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
        each["id"]: [
            run(
                100 * place + number,
                ("running", "failed", "succeeded")[number % 3],
                60 * number + place,
                None if number % 3 == 0 else 30,
                command=f"job-{100 * place + number}.",
            )
            for number in range(1, 31)
        ]
        for place, each in enumerate(RUNNERS, 1)
    },
)
CLIPBOARD = re.compile(rb"\x1b\]52;c;([^\x07\x1b]*)(?:\x07|\x1b\\)")
FRAME = {"│", "║"}
"""Sides of a pane; the second is that of the focused one where there is no colour."""
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


def lit_rows(terminal: FrozenTerminal) -> list[str]:
    """The rows of the focused list that have the cursor's ground anywhere; whole where they are."""
    cells = terminal.cells
    y, x = next(
        (y, x)
        for y, row in enumerate(cells)
        for x, cell in enumerate(row)
        if cell.data == "▌" and x and row[x - 1].data in FRAME
    )
    ground = (cells[y][x].bg, cells[y][x].reverse)
    right = next(
        column for column in range(x + 1, terminal.size[0]) if cells[y][column].data in FRAME
    )
    inside = range(x, right - 1)  # The last column may be that of a scrollbar.
    rows = [row for row in cells if row[x - 1].data in FRAME]
    lit = [row for row in rows if any((row[at].bg, row[at].reverse) == ground for at in inside)]
    for row in lit:
        there = [at for at in inside if (row[at].bg, row[at].reverse) == ground]
        assert there == list(inside), f"lit in {there} of {inside}:\n{terminal.text}"
    return ["".join(row[at].data for at in inside) for row in lit]


def copied(terminal: FrozenTerminal) -> str:
    """What `c` copies."""
    begun = len(terminal.raw)
    terminal.keys("c")
    terminal.clear_toasts()
    sent = CLIPBOARD.findall(bytes(terminal.raw[begun:]))
    assert len(sent) == 1, "one id was to be copied"
    return base64.b64decode(sent[0]).decode()


def check(terminal: FrozenTerminal, stage: ServiceScript) -> None:
    """One row is lit, and it is that of the run that is copied."""
    assert terminal.wrong_cells() == []
    rows = lit_rows(terminal)
    assert len(rows) == 1, f"{rows}\n{terminal.text}"
    run_id = copied(terminal)
    runs = [each for runs in stage.runs.values() for each in runs if each["id"] == run_id]
    assert len(runs) == 1, run_id
    assert runs[0]["command"] in rows[0], terminal.text


@pytest.mark.parametrize(
    ("size", "look"),
    [((120, 36), "dark"), ((80, 24), "light"), ((200, 50), "ansi"), ((120, 36), "no-colour")],
)
def test_the_lit_row_is_the_one_that_keys_act_on(
    size: tuple[int, int], look: str, stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    service, url = stage
    columns, rows = size
    with FrozenTerminal(
        service, url, tmp_path, columns=columns, rows=rows, **LOOKS[look]
    ) as terminal:
        into_the_runs = ("tab",) if columns >= 120 else ()
        terminal.keys(*into_the_runs)
        for keys in STEPS.values():
            terminal.keys(*keys)
            check(terminal, service)
            terminal.keys("escape", "escape", "escape", *into_the_runs, "g")


def test_the_lit_runner_is_the_one_whose_runs_are_shown(
    stage: tuple[ServiceScript, str], tmp_path: Path
) -> None:
    with FrozenTerminal(*stage, tmp_path) as terminal:
        for key, name in (("j", "Runner 1"), ("G", "Runner 4"), ("k", "Runner 3"), ("g", "All")):
            terminal.keys(key)
            assert terminal.wrong_cells() == []
            (row,) = lit_rows(terminal)
            assert name in row
            assert f"Runs · {name}" in terminal.text


def test_it_stays_on_its_run_whatever_comes_and_goes(
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

        holder = next(runs for runs in service.runs.values() if before in {r["id"] for r in runs})
        holder[:] = [each for each in holder if each["id"] != before]
        terminal.poll()
        check(terminal, service)
        assert copied(terminal) != before

        terminal.keys("P")
        terminal.keys("2")
        terminal.poll()
        check(terminal, service)
