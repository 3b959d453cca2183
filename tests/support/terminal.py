"""A real pseudo-terminal with a program in it, and the screen that the user would see.

The program runs in its own session with the pty as controlling terminal; a thread feeds its output
to a pyte screen. Tests wait for conditions on the screen, with a deadline.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from nodion_tui.ui.terminal.plain_textual import PLAIN_VARIABLE
from tests.support.cells import CellByteStream, Cells, without_unknown
from tests.support.forks import ForkedProcess

KEYS: Mapping[str, str] = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "backspace": "\x7f",
    "space": " ",
    "ctrl+c": "\x03",
    "ctrl+j": "\n",
    "ctrl+l": "\x0c",
    "ctrl+p": "\x10",
    "ctrl+q": "\x11",
    "ctrl+z": "\x1a",
}
"""Bytes that a terminal sends for special keys."""

_ASKED = b"\x1b[c"
_ATTRIBUTES = b"\x1b[?62;22c"
"""The device attributes, which every terminal reports when asked."""
_TRUE_COLORS = b"\x1bP1$r0;48:2::1:2:3m\x1b\\"
"""That the background is the one that was asked about, as xterm reports it."""

_PACE = 0.01
"""Seconds between two checks of a changing screen: drawing it takes longer than reading it."""


class Terminal:
    """A program in a pty of `columns` × `rows`; use it as a context manager.

    With `true_colors`, the terminal reports them when it is asked.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 36,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        pass_fds: Sequence[int] = (),
        true_colors: bool = False,
    ) -> None:
        self._screen = Cells(columns, rows)
        self._stream = CellByteStream(self._screen)
        self._changed = threading.Condition()
        self.raw = bytearray()
        """All output of the program."""
        self._answer = (_TRUE_COLORS if true_colors else b"") + _ATTRIBUTES
        self._drawn = 0
        """Bytes of `raw` that were fed to the screen."""
        self._text = ""
        self._master, slave = pty.openpty()
        _set_size(slave, columns, rows)
        self.attributes_before = termios.tcgetattr(slave)
        self._slave = slave
        self.process = self.start(
            argv,
            {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
            | {name: os.environ[name] for name in [PLAIN_VARIABLE] if name in os.environ}
            | dict(env or {}),
            cwd,
            pass_fds,
        )
        self._reading, self._hung_up = threading.Event(), threading.Event()
        self._reading.set()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if not self._hung_up.is_set():
            self.hang_up()

    def start(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: str | None, pass_fds: Sequence[int]
    ) -> subprocess.Popen[bytes] | ForkedProcess:
        """Start the program in the pty, in a session of its own."""
        return subprocess.Popen(
            argv,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=env,
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,
            # Only the child can acquire a controlling terminal; nothing else runs before exec.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,  # noqa: PLW1509
        )

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed or its connection is lost."""
        self._hung_up.set()
        self._reading.set()
        self._reader.join(5)
        os.close(self._slave)
        os.close(self._master)

    def pause_reading(self) -> None:
        """Stop reading the output of the program: its writes block when the buffers are full."""
        self._reading.clear()

    def resume_reading(self) -> None:
        """Continue reading."""
        self._reading.set()

    def _read(self) -> None:
        while self._reading.wait() and not self._hung_up.is_set():
            try:
                # A blocking read would keep the terminal open.
                if not select.select([self._master], [], [], 0.05)[0]:
                    continue
                data = os.read(self._master, 65536)
            except OSError:
                return
            if not data:
                return
            self.reply(data)
            with self._changed:
                self.take(data)
                self._changed.notify_all()

    def reply(self, data: bytes) -> None:
        """Answer a question in the output of the program; called by the reader thread."""
        if _ASKED in data:
            self.write(self._answer)

    def take(self, data: bytes) -> None:
        """Store output of the program; called by the reader thread."""
        self.raw += data

    @property
    def screen(self) -> Cells:
        """The current contents of the terminal."""
        with self._changed:
            self._draw()
            return self._screen

    def screen_after(self, count: int, timeout: float = 20.0) -> Cells:
        """The contents of the terminal after exactly `count` bytes.

        Raises:
            AssertionError: more bytes were drawn before, or fewer arrived.
        """
        self.wait_for_bytes(count, timeout)
        with self._changed:
            assert self._drawn <= count, "the screen was looked at later than that"
            self._draw(count)
            return self._screen

    def wait_for_bytes(self, count: int, timeout: float = 20.0) -> None:
        """Wait until the program has written `count` bytes in total.

        Raises:
            AssertionError: fewer bytes arrived in time.
        """
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.raw) >= count, timeout), "nothing came"

    @property
    def text(self) -> str:
        """The text of the screen, one line per row."""
        with self._changed:
            self._draw()
            if not self._text:
                self._text = "\n".join(map(self._row, range(self._screen.lines)))
            return self._text

    def _draw(self, end: int | None = None) -> None:
        """Feed the new output to the screen."""
        new = bytes(self.raw[self._drawn : end])
        self._drawn += len(new)
        self._stream.feed(without_unknown(new))
        if new:
            self._text = ""

    def _row(self, y: int) -> str:
        """As pyte's `display`, without measuring: the cell after a wide character is empty."""
        row = self._screen.buffer[y]
        return "".join(row[x].data for x in range(self._screen.columns)).rstrip()

    def type(self, text: str) -> None:
        """Send characters unchanged."""
        self.write(text.encode())

    def write(self, data: bytes) -> None:
        """Send bytes unchanged, as a broken terminal might."""
        os.write(self._master, data)

    def press(self, *keys: str) -> None:
        """Send keys by name, as Textual names them."""
        for key in keys:
            self.type(KEYS.get(key, key))

    def resize(self, columns: int, rows: int) -> None:
        """Resize the terminal, as a window manager does."""
        with self._changed:
            self._draw()
            self._screen.resize(rows, columns)
            self._text = ""
        _set_size(self._master, columns, rows)

    def wait_for(self, what: str | Callable[[str], bool], timeout: float = 30.0) -> str:
        """Wait until a text is on the screen, or a condition on it is true; returns the screen.

        Raises:
            AssertionError: time-out; the message contains the screen.
        """
        is_true = what if callable(what) else (lambda screen, wanted=what: wanted in screen)
        deadline = time.monotonic() + timeout
        while not is_true(screen := self.text):
            remaining = deadline - time.monotonic()
            if remaining <= 0 or (self.process.poll() is not None and not self._reader.is_alive()):
                raise AssertionError(f"{what!r} did not come; the screen:\n{screen}")
            with self._changed:
                if self._drawn == len(self.raw):
                    self._changed.wait(min(remaining, 0.2))
            time.sleep(_PACE)
        return screen

    def wait_exit(self, timeout: float = 15.0) -> int:
        """The exit code, as `subprocess` gives it."""
        return self.process.wait(timeout)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    def is_restored(self) -> bool:
        """Whether line discipline, cursor, mouse and screen are restored."""
        written = bytes(self.raw)
        left_alternate = written.rfind(b"\x1b[?1049l") > written.rfind(b"\x1b[?1049h")
        shown_cursor = written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")
        mouse_off = written.rfind(b"\x1b[?1000l") >= written.rfind(b"\x1b[?1000h")
        same_tty = termios.tcgetattr(self._slave) == self.attributes_before
        return left_alternate and shown_cursor and mouse_off and same_tty


def _set_size(descriptor: int, columns: int, rows: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
