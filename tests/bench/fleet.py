"""Runners, runs and logs of given sizes, as JSON of the API."""

import itertools
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec

from tests.bench.loglike import START, pages
from tests.support.canned import runner

SCREENFUL = 50
PAGE = 1000
"""Lines per page of a log."""
_encode = msgspec.json.encode


def first_run(url: str) -> str:
    """Path of the newest run of the first runner."""
    return f"{url}/runners/{runner(0, '')['id']}/runs/{run_id(0, 0)}"


def stream_of(url: str) -> str:
    """Path of the log stream of that run."""
    return f"{first_run(url)}/logs/stream"


def list_of(owner: str) -> str:
    """Path of the runs of a runner."""
    return f"/runners/{owner}/runs"


def run_id(owner: int, at: int) -> str:
    """The id of the run of a runner at a position; 0: the newest."""
    return f"e{owner:03x}{at:04x}-c9d0-1234-efab-345678901234"


class Plan(msgspec.Struct, frozen=True):
    """Data and behavior of the service."""

    runners: int = 1
    runs: int = 1
    """Runs per runner."""
    running: int = 1
    """Active runs of all runners; they are the newest."""
    lines: int = 0
    """Lines of a log: streamed at once for an active run, in pages for an ended one."""
    rate: int | None = None
    """Lines per second of each live log, endlessly, after a first screenful; 0: nothing more. Then
    `lines` is ignored."""
    line_every: float | None = None
    """Seconds between two lines of each stream, until its run is ended by a command; pings come
    every 15 s. Then `lines` and `rate` are ignored."""
    held: bool = False
    """Whether streams send only a screenful until they are released."""
    live: bool = False
    """Whether the lines are dated after the start of the dashboard, so that patterns see them."""
    changing: bool = False
    """Whether the exit code of the oldest run of a list changes in every answer."""
    growing: bool = False
    """Whether each answer of a list has one more run."""


class Fleet:
    """The bodies of the answers."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        # Whole milliseconds, as the API sends.
        self._now = datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)
        self._answers = itertools.count(1)
        self._pages: list[bytes] = []
        self.head = self.stream = b""
        """The first screenful of the stream of an active run, and the rest."""
        if plan.lines:
            self._write(plan.lines)
        self._runners = [runner(number, f"Runner {number:03}") for number in range(plan.runners)]
        self._runs = {
            each["id"]: [self._run(number, at) for at in range(plan.runs)]
            for number, each in enumerate(self._runners)
        }
        self._lists = {name: [_encode(run) for run in runs] for name, runs in self._runs.items()}

    def end(self, owner: int) -> bytes:
        """End the newest run of a runner; returns the `state` event of its stream."""
        name = self._runners[owner]["id"]
        ended = datetime.now(UTC)
        run = self._runs[name][0] | _STATES["succeeded"]
        run |= {"completed_at": ended, "updated_at": ended}
        self._runs[name][0] = run
        self._lists[name][0] = _encode(run)
        told = {key: run[key] for key in ("status", "exit_code", "started_at", "completed_at")}
        return b"event: state\ndata: " + _encode(told) + b"\n\n"

    def owner_of(self, path: str) -> int:
        """The number of the runner that a path is about."""
        name = path.strip("/").split("/")[1]
        return next(number for number, each in enumerate(self._runners) if each["id"] == name)

    def body(self, path: str, after: str) -> bytes:
        """The answer for a path.

        Args:
            path: path without the version.
            after: `after_id` of a page of logs.
        """
        match path.strip("/").split("/"):
            case ["runners"]:
                return _encode({"runners": self._runners})
            case ["runners", owner, "runs"]:
                return self._list(owner)
            case ["runners", owner, "runs", run]:
                return _encode({"run": self._find(owner, run)})
            case ["runners", _, "runs", _, "logs"]:
                return self._page(after)
        raise LookupError(path)

    def events(self) -> Iterator[bytes]:
        """Endless lines of a log, as events."""
        return (_event(line) for page in pages(10**9) for line in page)

    def _write(self, lines: int) -> None:
        if not self._plan.running:
            self._pages = [_encode({"logs": page}) for page in pages(lines, PAGE)]
            return
        ended = _STATES["succeeded"] | {"started_at": self._now, "completed_at": self._now}
        start = self._now + timedelta(minutes=1) if self._plan.live else START
        said = [_event(line) for page in pages(lines, PAGE, start) for line in page]
        self.head = b"".join(said[:SCREENFUL])
        self.stream = b"".join(
            [*said[SCREENFUL:], b"event: state\ndata: " + _encode(ended) + b"\n\n"]
        )

    def _run(self, owner: int, at: int) -> dict[str, Any]:
        """The run of a runner at a position; 0: the newest."""
        running = at * self._plan.runners + owner < self._plan.running
        created = self._now - timedelta(minutes=5 * at, seconds=20 + owner)
        started = created + timedelta(seconds=2)
        ended = None if running else started + timedelta(seconds=97 + at % 89)
        status = "running" if running else "failed" if at % 17 == 3 else "succeeded"
        return {
            "id": run_id(owner, at),
            "command": None,
            "argv": ["python", "job.py", f"--part={at}"],
            "entrypoint": None,
            "created_at": created,
            "updated_at": ended or started,
            "started_at": started,
            "completed_at": ended,
        } | _STATES[status]

    def _list(self, owner: str) -> bytes:
        rows = self._lists[owner]
        turn = next(self._answers)
        if self._plan.changing:
            rows[-1] = _encode(self._runs[owner][-1] | {"exit_code": turn % 256})
        if self._plan.growing:
            # What ran has ended, and another one runs.
            rows[0] = _encode(self._aged(owner, 0, "succeeded"))
            self._runs[owner].insert(0, self._newer(owner, turn))
            rows.insert(0, _encode(self._runs[owner][0]))
        return b'{"runs":[' + b",".join(rows) + b"]}"

    def _aged(self, owner: str, at: int, status: str) -> dict[str, Any]:
        run = self._runs[owner][at]
        ended = run["started_at"] + timedelta(seconds=97)
        self._runs[owner][at] = run | _STATES[status] | {"completed_at": ended, "updated_at": ended}
        return self._runs[owner][at]

    def _newer(self, owner: str, number: int) -> dict[str, Any]:
        created = self._runs[owner][0]["created_at"] + timedelta(minutes=3)
        fresh = self._run(0, 0) | _STATES["running"] | {"completed_at": None}
        return fresh | {
            "id": f"f{number:07x}-c9d0-1234-efab-345678901234",
            "created_at": created,
            "updated_at": created,
            "started_at": created + timedelta(seconds=2),
        }

    def _find(self, owner: str, run: str) -> dict[str, Any]:
        return next(each for each in self._runs[owner] if each["id"] == run)

    def _page(self, after: str) -> bytes:
        """The page after a line, whose id starts with its number."""
        number = (int(after[:8], 16) + 1) // PAGE if after else 0
        return self._pages[number] if number < len(self._pages) else b'{"logs":[]}'


_STATES: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "running": {"status": "running", "exit_code": None},
        "succeeded": {"status": "succeeded", "exit_code": 0},
        "failed": {"status": "failed", "exit_code": 1},
    }
)


def _event(line: Any) -> bytes:
    return b"event: log\ndata: " + _encode(line) + b"\n\n"
