"""The dashboard in a pty with frozen time, and a comparison of its cells with a full redraw."""

import atexit
import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodion_tui.ui.terminal.plain_textual import PLAIN_VARIABLE
from tests.support.cells import Difference, differences, drawn
from tests.support.forks import FIRST_PASSED, ForkedProcess, Forks
from tests.support.service_script import ServiceScript
from tests.support.terminal import KEYS, Terminal

if TYPE_CHECKING:
    from pyte.screens import Char

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 20.0
_ENV = {"TZ": "UTC", "COLORTERM": "truecolor", "ESCDELAY": "20"}
_PROGRAM = f"""
import importlib, pkgutil, sys
sys.path.insert(0, {str(_ROOT)!r})
from tests.support.frozen_program import main
import nodion_tui.ui

for module in pkgutil.walk_packages(nodion_tui.ui.__path__, "nodion_tui.ui."):
    importlib.import_module(module.name)
"""
"""Imports all that is shown, of which a program needs most."""
_BUTTON, _MOVE, _DRAG, _WHEEL_UP, _WHEEL_DOWN = 0, 35, 32, 64, 65


class FrozenTerminal(Terminal):
    """A terminal with `frozen_program`, and methods to control its clock and input.

    The program is a fork of one that has imported it, unless it is on a plain Textual.

    Args:
        script: data of the watched service.
        url: URL of the service.
        folder: home folder of the program.
        options: `theme`, `ascii`, `profiles` (name → url), for the program.
    """

    def __init__(
        self,
        script: ServiceScript,
        url: str,
        folder: Path,
        *,
        columns: int = 120,
        rows: int = 36,
        env: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        self.stage = script
        own_end, program_end = socket.socketpair()
        own_end.settimeout(_PATIENCE)
        self._arguments = {"url": url, "data": str(folder), **options}
        super().__init__(
            [sys.executable, "-m", "tests.support.frozen_program"],
            columns=columns,
            rows=rows,
            env=_ENV | {"HOME": str(folder)} | (env or {}),
            cwd=str(_ROOT),
            pass_fds=(program_end.fileno(),),
        )
        program_end.close()
        self._control = own_end
        self._answers = own_end.makefile("rb")
        self._inputs = 0
        self.size = (columns, rows)
        self.cells: list[list[Char]] = []
        """The contents at the last comparison, which is between two frames, never within one."""
        self.poll()

    def start(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: str | None, pass_fds: Sequence[int]
    ) -> subprocess.Popen[bytes] | ForkedProcess:
        """Start the program in the pty; it is told the number of its end of the socket."""
        is_fork = PLAIN_VARIABLE not in env
        control = FIRST_PASSED if is_fork else pass_fds[0]
        words = [json.dumps(self._arguments | {"control": control})]
        if is_fork:
            return _forks().start(
                words, self._slave, env=env, folder=cwd or str(_ROOT), pass_fds=pass_fds
            )
        return super().start([*argv, *words], env, cwd, pass_fds)

    def __exit__(self, *error: object) -> None:
        self._answers.close()
        self._control.close()
        super().__exit__(*error)

    def ask(self, do: str, **named: Any) -> dict[str, Any]:
        """Send a request to the program, see `frozen_program.Control`.

        Raises:
            AssertionError: the program failed or timed out; with the reason.
        """
        self._control.sendall(json.dumps({"do": do, **named}).encode() + b"\n")
        try:
            line = self._answers.readline()
        except ConnectionError:
            line = b""
        assert line, f"the program has ended:\n{bytes(self.raw)[-4000:].decode()}"
        answer: dict[str, Any] = json.loads(line)
        assert "late" not in answer, f"{answer['late']}\n{self.text}"
        self.wait_for_bytes(answer["written"])
        return answer

    def keys(self, *keys: str) -> None:
        """Press keys by name, each after the previous one was handled."""
        for key in keys:
            self.type(KEYS.get(key, key))
            self._inputs += 1
            self.settle()

    def keys_at_once(self, keys: Sequence[str]) -> None:
        """Press keys by name, in one packet."""
        self.type("".join(KEYS.get(key, key) for key in keys))
        self._inputs += len(keys)
        self.settle()

    def typed(self, text: str) -> None:
        """Type a text in one packet, as over a slow connection."""
        self.type(text)
        self._inputs += len(text)
        self.settle()

    def paste(self, text: str) -> None:
        """Paste a text."""
        self.type(f"\x1b[200~{text}\x1b[201~")
        self._inputs += 1
        self.settle()

    def click(self, x: int, y: int, *, to: tuple[int, int] | None = None) -> None:
        """Click, or drag to another position."""
        self._mouse(_BUTTON, x, y)
        if to is not None:
            self._mouse(_DRAG, *to)
        self._mouse(_BUTTON, *(to or (x, y)), end="m")
        self.settle()

    def hover(self, x: int, y: int) -> None:
        """Move the mouse."""
        self._mouse(_MOVE, x, y)
        self.settle()

    def wheel(self, x: int, y: int, *, down: bool) -> None:
        """Turn the mouse wheel by a step."""
        self._mouse(_WHEEL_DOWN if down else _WHEEL_UP, x, y)
        self.settle()

    def resize_to(self, *sizes: tuple[int, int]) -> None:
        """Resize the terminal to each of the sizes."""
        for size in sizes:
            self.resize(*size)
            self.size = size
        self.settle()

    def settle(self) -> None:
        """Wait until all input so far is handled and painted."""
        self.ask("settle", inputs=self._inputs, size=self.size)

    def poll(self) -> None:
        """Have the program poll the service."""
        self.ask("poll")
        self.settle()

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass, at the service and in the program."""
        self.stage.passed += seconds
        self.ask("pass", seconds=seconds)
        self.settle()

    def write_log(self, run: str, *bodies: str) -> None:
        """Write lines to the log of a run, and wait for them if the log is open."""
        count = self.stage.write(run, *bodies)
        self.ask("lines", run=run, count=count)
        self.settle()

    def toast(self, text: str) -> None:
        """Show a notification."""
        self.ask("toast", text=text)
        self.settle()

    def clear_toasts(self) -> None:
        """Remove all notifications."""
        self.ask("hush")
        self.settle()

    def wrong_cells(self) -> list[Difference]:
        """The differences between the terminal and a full redraw; sets `cells`."""
        answer = self.ask("look", inputs=self._inputs, size=self.size)
        self.cells = self.screen_after(answer["at"]).cells
        return differences(self.cells, drawn(answer["whole"], *self.size))

    def _mouse(self, button: int, x: int, y: int, end: str = "M") -> None:
        self.type(f"\x1b[<{button};{x + 1};{y + 1}{end}")
        self._inputs += 1


@cache
def _forks() -> Forks:
    """The imported program of this process, which ends with it."""
    opened = ExitStack()
    atexit.register(opened.close)
    return opened.enter_context(Forks(env=_ENV, program=_PROGRAM))
