"""Random sequences of user input and service changes, compared with a full redraw.

After every step the cells of the terminal, which received only updates, equal those of a full
redraw on an empty terminal.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.support.busy import BUSY, LIVE
from tests.support.frozen_terminal import FrozenTerminal
from tests.support.service_script import serve_scripted

SIZES = ((120, 36), (80, 24), (200, 50), (60, 20), (40, 10))
LOOKS: dict[str, dict[str, Any]] = {
    "dark": {"theme": "nodion-dark"},
    "light": {"theme": "nodion-light"},
    "contrast": {"theme": "nodion-contrast"},
    "ansi": {"theme": "nodion-ansi"},
    "no-colour": {"env": {"NO_COLOR": "1"}},
    "ascii": {"ascii": True},
}
MOVES = ("j", "k", "g", "G", "down", "up", "pageup", "pagedown", "home", "end", "[", "]")
PLACES = ("tab", "shift+tab", "enter", "escape", "1", "2", "3", "z", "+", "-", "d")
DOINGS = ("?", "ctrl+p", "P", "A", "C", "s", "t", "R", "X", "y", "space", "v", "r", "c", "ctrl+l")
READING = ("F", "w", "T", "p", "x", "e", "E", "m", "u", "n", "N", "h", "l", "{", "}", "=", "/", "a")
KEYS = st.sampled_from((*MOVES, *MOVES, *PLACES, *PLACES, *DOINGS, *READING))
FILTERS = ("status:failed", "mig", "line", "(", "!x", "日本", "status:", "since:1d")
STARTING_POINTS: dict[str, tuple[str, ...]] = {
    "lists": (),
    "runs": ("tab",),
    "runs marked": ("tab", "space", "space", "v", "j"),
    "runs filtered": ("tab", "/", *"failed", "enter"),
    "log followed": ("tab", "enter", "F"),
    "log paused": ("tab", "enter", "k", "k"),
    "log wrapped": ("tab", "enter", "w"),
    "log searched": ("tab", "enter", "/", *"ta", "enter", "n"),
    "log matches": ("tab", "enter", "/", *"ta", "enter", "x", "}"),
    "log selected": ("tab", "enter", "g", "v", "j", "j"),
    "log alone": ("tab", "enter", "z"),
    "log saved": ("tab", "enter", "ctrl+s"),
    "log copied": ("tab", "enter", "y"),
    "logs compared": ("tab", "="),
    "timeline": ("2", "j", "l"),
    "timeline plot": ("2", "j", "p"),
    "wall": ("3",),
    "wall alone": ("3", "z"),
    "help": ("?",),
    "palette": ("ctrl+p",),
    "trigger": ("j", "t"),
    "trigger env": ("j", "t", "tab", "tab"),
    "re-run": ("tab", "j", "R"),
    "stop": ("tab", "X"),
    "stop many": ("tab", "space", "space", "X"),
    "sort": ("tab", "s"),
    "columns": ("tab", "C"),
    "profiles": ("P",),
    "missed": ("A",),
}
"""Starting points of a sequence, and the keys that lead there."""
BODIES = st.sampled_from(
    (
        "plain",
        "\x1b[31mred \x1b[1mbold\x1b[0m and not",
        "日本語 wide",
        "e\u0301 combining",
        "\ttab\tand tab",
        "ERROR it failed",
        '{"level":"warn","msg":"json","n":1}',
        "long " * 60,
        "10%\r50%\r100%",
        "",
    )
)
PART = st.floats(0, 1, exclude_max=True).map(lambda part: round(part, 2))


class CellsMachine(RuleBasedStateMachine):
    """Drives the dashboard of a changing service; a subclass sets size and look.

    The first rule goes to one of the starting points, so that short sequences reach all of them.
    """

    size: ClassVar[tuple[int, int]] = SIZES[0]
    look: ClassVar[dict[str, Any]] = LOOKS["dark"]

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.terminal: FrozenTerminal | None = None

    @initialize(place=st.sampled_from(sorted(STARTING_POINTS)))
    def start(self, place: str) -> None:
        """Start the dashboard and go to a starting point."""
        folder = self._open.enter_context(tempfile.TemporaryDirectory())
        stage, url = self._open.enter_context(serve_scripted(BUSY))
        columns, rows = self.size
        self.terminal = self._open.enter_context(
            FrozenTerminal(stage, url, Path(folder), columns=columns, rows=rows, **self.look)
        )
        self.stage = stage
        self.check()
        self.shown.keys(*STARTING_POINTS[place])
        self.check()

    def teardown(self) -> None:
        """Hypothesis: clean up after a sequence."""
        self._open.close()

    @property
    def shown(self) -> FrozenTerminal:
        """The terminal."""
        assert self.terminal is not None
        return self.terminal

    def check(self) -> None:
        """Assert that every cell equals that of a full redraw."""
        wrong = self.shown.wrong_cells()
        if wrong:
            note(self.shown.text)
        assert not wrong, "\n".join(map(str, wrong[:12]))

    @rule(key=KEYS)
    def press(self, key: str) -> None:
        """Press a key."""
        self.shown.keys(key)
        self.check()

    @rule(keys=st.lists(KEYS, min_size=2, max_size=6))
    def press_fast(self, keys: list[str]) -> None:
        """Press keys that arrive in one packet."""
        # A key after an escape would be read as alt + key.
        self.shown.keys_at_once([key for key in keys[:-1] if key != "escape"] + keys[-1:])
        self.check()

    @rule(text=st.sampled_from(FILTERS), key=st.sampled_from(("enter", "escape")))
    def filter_by(self, text: str, key: str) -> None:
        """Filter a list, or search the log."""
        self.shown.typed(f"/{text}")
        self.check()
        self.shown.keys(key)
        self.check()

    @rule(x=PART, y=PART, double=st.booleans())
    def click(self, *, x: float, y: float, double: bool) -> None:
        """Click anywhere."""
        for _ in range(1 + double):
            self.shown.click(*self._at(x, y))
        self.check()

    @rule(x=PART, y=PART, to_x=PART, to_y=PART)
    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Select with the mouse."""
        self.shown.click(*self._at(x, y), to=self._at(to_x, to_y))
        self.check()

    @rule(x=PART, y=PART)
    def hover(self, x: float, y: float) -> None:
        """Move the mouse."""
        self.shown.hover(*self._at(x, y))
        self.check()

    @rule(x=PART, y=PART, down=st.booleans())
    def wheel(self, *, x: float, y: float, down: bool) -> None:
        """Turn the mouse wheel."""
        self.shown.wheel(*self._at(x, y), down=down)
        self.check()

    @rule(sizes=st.lists(st.sampled_from(SIZES), min_size=1, max_size=2), back=st.booleans())
    def resize(self, *, sizes: list[tuple[int, int]], back: bool) -> None:
        """Resize the terminal, once or faster than it is painted."""
        self.shown.resize_to(*sizes, *([self.shown.size] if back else []))
        self.check()

    @rule(runner=st.integers(0, 3), poll=st.booleans())
    def a_run_begins(self, *, runner: int, poll: bool) -> None:
        """Add a new run on top of the list."""
        self.stage.begin_run(runner)
        if poll:
            self._poll()

    @rule(
        runner=st.integers(0, 3),
        end=st.sampled_from((("succeeded", 0), ("failed", 137), ("canceled", None))),
        poll=st.booleans(),
    )
    def a_run_ends(self, *, runner: int, end: tuple[str, int | None], poll: bool) -> None:
        """End the newest running run of a runner."""
        self.stage.end_run(runner, *end)
        if poll:
            self._poll()

    @rule(runner=st.integers(0, 3))
    def a_run_is_forgotten(self, runner: int) -> None:
        """Remove the newest run of a runner from the list."""
        self.stage.forget_run(runner)
        self._poll()

    @rule(bodies=st.lists(BODIES, min_size=1, max_size=8))
    def a_log_grows(self, bodies: list[str]) -> None:
        """Write lines to the log of the initial run."""
        self.shown.write_log(LIVE["id"], *bodies)
        self.check()

    @rule(seconds=st.sampled_from((1, 3, 30, 4000)))
    def time_passes(self, seconds: int) -> None:
        """Let time pass."""
        self.shown.pass_seconds(seconds)
        self.check()

    @rule(text=st.sampled_from(("done", "a longer notification, with a 日本語 word " * 3)))
    def something_is_told(self, text: str) -> None:
        """Show a toast."""
        self.shown.toast(text)
        self.check()

    def _at(self, x: float, y: float) -> tuple[int, int]:
        columns, rows = self.shown.size
        return int(x * columns), int(y * rows)

    def _poll(self) -> None:
        self.shown.poll()
        self.check()


def machine_of(size: tuple[int, int], look: str) -> type[CellsMachine]:
    """A machine with an initial size and a look."""
    return type(f"Cells{size[0]}x{size[1]}", (CellsMachine,), {"size": size, "look": LOOKS[look]})
