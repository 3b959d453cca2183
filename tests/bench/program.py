"""A program in a real pseudo-terminal, with arrival times of its output and resource usage."""

import itertools
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.terminal import Terminal

Size = tuple[int, int]
DASHBOARD = (str(Path(sys.executable).with_name("nodion-tui")),)
"""The installed program."""
FRAME = "\x1b[0m"
"""Ends every frame: for a key after which the cursor may stand where it stood."""
CURSOR = "▌"
"""The cursor glyph, which is used nowhere else."""
_LOOK_SECONDS = 0.0005
_PAGE_BYTES = 4096
_RESTS = [0.04 + 0.013 * number for number in range(7)]
"""Seconds between two keys of a fast typist."""


class Latency(NamedTuple):
    """Milliseconds from a key to its effect."""

    whole: float
    own: float
    """Excluding the time that the program was ready to run but another one had the core."""


class Arrival(NamedTuple):
    """When some output arrived."""

    at: float
    """On the monotonic clock."""
    written: int
    """Number of bytes then."""
    cpu: float
    """CPU seconds of the process then; 0 where it has ended."""


class Program(Terminal):
    """A terminal that records arrivals."""

    def __init__(
        self, argv: Sequence[str], *, size: Size, env: dict[str, str] | None = None
    ) -> None:
        self._arrivals: list[Arrival] = []
        self._rests = itertools.cycle(_RESTS)
        self.began = time.monotonic()
        """Start time."""
        super().__init__(argv, columns=size[0], rows=size[1], env=env)

    def take(self, data: bytes) -> None:
        """Record the arrival."""
        at, cpu = time.monotonic(), 0.0
        with suppress(OSError):
            cpu = self.cpu
        # First the time: readers of the bytes look it up.
        self._arrivals.append(Arrival(at, len(self.raw) + len(data), cpu))
        self.raw += data

    @property
    def written(self) -> int:
        """Number of bytes so far."""
        return len(self.raw)

    @property
    def cpu(self) -> float:
        """CPU seconds of the process so far."""
        # As clock_getcpuclockid(3), which Python has only for threads.
        return time.clock_gettime((~self.process.pid << 3) | 2)

    @property
    def resident(self) -> float:
        """Resident memory of the process in megabytes."""
        return resident_of(self.process.pid)

    def moment(self, *markers: str, start: int = 0, timeout: float = 120.0) -> float:
        """The time of `arrival`, whose arguments it takes, on the monotonic clock."""
        return self.arrival(*markers, start=start, timeout=timeout).at

    def arrival(self, *markers: str, start: int = 0, timeout: float = 120.0) -> Arrival:
        """Wait for the first of some texts.

        Args:
            markers: texts to search in the raw output.
            start: number of bytes to skip.
            timeout: seconds.

        Raises:
            AssertionError: time-out; the message contains the screen.
        """
        wanted = [marker.encode() for marker in markers]
        longest = max(map(len, wanted))
        deadline = time.monotonic() + timeout
        while True:
            arrived = len(self.raw)
            if ends := _ends(self.raw, wanted, start):
                return next(each for each in tuple(self._arrivals) if each.written >= min(ends))
            start = max(start, arrived - longest)
            if time.monotonic() > deadline:
                raise AssertionError(f"{markers!r} did not come; the screen:\n{self.text}")
            time.sleep(_LOOK_SECONDS)

    def react(self, key: str, *signs: str) -> Latency:
        """Press a key and measure the time until all of some texts have arrived; then pause.

        Args:
            key: the key.
            signs: texts that only its effect writes.
        """
        written, waited, began = self.written, self.waited, time.monotonic()
        self.press(key)
        moments = [self.moment(sign, start=written, timeout=20) for sign in signs]
        whole = max(moments) - began
        own = whole - min(whole, self.waited - waited)
        time.sleep(next(self._rests))
        return Latency(whole * 1000, own * 1000)

    @property
    def waited(self) -> float:
        """Seconds so far that the main thread was ready to run but not running."""
        return seconds_waited(self.process.pid)

    def busy(self, seconds: float) -> float:
        """CPU seconds used within a number of seconds from now."""
        before = self.cpu
        time.sleep(seconds)
        return self.cpu - before

    def settle(self, quiet: float = 1.5, timeout: float = 60.0) -> None:
        """Wait until only small changes have arrived for a number of seconds.

        Args:
            quiet: seconds.
            timeout: maximum seconds to wait.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            before, busy = self.written, self.cpu
            time.sleep(quiet)
            if self.written - before < 2000 * quiet and self.cpu - busy < 0.2 * quiet:
                return


def seconds_waited(process: int | str = "self") -> float:
    """Seconds so far that the main thread of a process waited for a core that others used."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9


def resident_of(pid: int) -> float:
    """Resident memory of a process in megabytes."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * _PAGE_BYTES / 1e6


def _ends(raw: bytes | bytearray, wanted: Iterable[bytes], start: int) -> list[int]:
    """End positions of the texts that are found."""
    return [at + len(each) for each in wanted if (at := raw.find(each, start)) >= 0]


@contextmanager
def environment(url: str, *, key: str = "nobody", settings: str = "") -> Iterator[dict[str, str]]:
    """The variables of a program with its own folders, for a service.

    Args:
        url: URL of the service.
        key: key for it.
        settings: contents of config.toml.
    """
    with tempfile.TemporaryDirectory() as home:
        Path(home, "config").mkdir(mode=0o700)
        Path(home, "config", "config.toml").write_text(settings)
        yield {
            "HOME": home,
            "NODION_API_URL": url,
            "NODION_API_KEY": key,
            "NODION_TUI_CONFIG": str(Path(home, "config")),
            "NODION_TUI_DATA": str(Path(home, "data")),
        }


@contextmanager
def dashboard(
    url: str, *, key: str = "nobody", size: Size = (120, 36), settings: str = ""
) -> Iterator[Program]:
    """The dashboard on a service, with its own folders.

    Args:
        url: URL of the service.
        key: key for it.
        size: columns and rows of the terminal.
        settings: contents of config.toml.
    """
    with (
        environment(url, key=key, settings=settings) as env,
        Program(DASHBOARD, size=size, env=env) as program,
    ):
        yield program
