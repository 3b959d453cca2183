"""A service whose runs, logs and clock are changed by a test.

It answers like the canned service; streams send the lines written while they are open. A test
calls `ServiceScript` from its own thread.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from tests.support import canned
from tests.support.canned import NOW, Canned, CannedService, Json
from tests.support.server_thread import serve_in_thread


class ServiceScript:
    """Runners, runs and logs, and methods that change them.

    Args:
        begin: the initial data.
    """

    def __init__(self, begin: Canned) -> None:
        self.runners = list(begin.runners)
        self.runs = {
            runner["id"]: list(begin.runs.get(runner["id"], ())) for runner in self.runners
        }
        self.logs = {run: list(lines) for run, lines in begin.logs.items()}
        self.passed = 0.0
        """Seconds since the start."""
        self._number = 1000

    def next_number(self) -> int:
        """An unused number."""
        self._number += 1
        return self._number

    def begin_run(self, runner: int, **fields: object) -> Json:
        """Start a run of a runner."""
        run = canned.run(self.next_number(), "running", -self.passed, None) | fields
        self.runs[self.runners[runner]["id"]].insert(0, run)
        return run

    def end_run(self, runner: int, status: str, code: int | None) -> None:
        """End the newest running run of a runner."""
        runs = self.runs[self.runners[runner]["id"]]
        for index, run in enumerate(runs):
            if run["status"] == "running":
                at = canned.stamp(-self.passed)
                ended = {"status": status, "exit_code": code, "completed_at": at, "updated_at": at}
                runs[index] = run | ended
                return

    def forget_run(self, runner: int) -> None:
        """Remove the newest run of a runner from the list."""
        runs = self.runs[self.runners[runner]["id"]]
        if runs:
            del runs[0]

    def write(self, run: str, *bodies: str) -> int:
        """Append lines to the log of a run; returns the new number of lines."""
        lines = self.logs.setdefault(run, [])
        new = [canned.log_line(self.next_number(), body, -self.passed) for body in bodies]
        self.logs[run] = [*lines, *new]
        return len(self.logs[run])


class ScriptedHttpService(CannedService):
    """Serves the data of a script."""

    def __init__(self, script: ServiceScript) -> None:
        super().__init__(Canned())
        self._script = script

    async def _answer(self, target: str, writer: asyncio.StreamWriter) -> None:
        script = self._script
        self._canned = Canned(script.runners, script.runs, script.logs)
        await super()._answer(target, writer)

    def _now(self) -> datetime:
        return NOW + timedelta(seconds=self._script.passed)

    async def _stream(self, target: str, writer: asyncio.StreamWriter) -> None:
        """Send the lines after `after_id` until the run ends."""
        path, _, query = target.partition("?")
        *_, runner, _, run, _, _ = path.split("/")
        writer.write(self._head(200, "text/event-stream", "Connection: close\r\n") + b": ping\n\n")
        sent = self._lines_before(run, query)
        while True:
            lines = self._script.logs.get(run, [])
            for line in lines[sent:]:
                payload = {name: line[name] for name in ("id", "body", "log_level", "created_at")}
                writer.write(b"event: log\ndata: " + json.dumps(payload).encode() + b"\n\n")
            sent = len(lines)
            matching = [item for item in self._script.runs.get(runner, ()) if item["id"] == run]
            if matching and matching[0]["completed_at"]:
                names = ("status", "exit_code", "started_at", "completed_at")
                state = {name: matching[0][name] for name in names}
                writer.write(b"event: state\ndata: " + json.dumps(state).encode() + b"\n\n")
                await writer.drain()
                raise ConnectionError
            await writer.drain()
            await asyncio.sleep(0.01)

    def _page(self, run: str, query: str) -> list[Json]:
        return list(self._script.logs.get(run, ()))[self._lines_before(run, query) :]

    def _lines_before(self, run: str, query: str) -> int:
        """Number of lines up to `after_id`."""
        after = query.partition("after_id=")[2]
        ids = [line["id"] for line in self._script.logs.get(run, ())]
        return ids.index(after) + 1 if after in ids else 0


@contextmanager
def serve_scripted(begin: Canned) -> Iterator[tuple[ServiceScript, str]]:
    """Serve a script in its own thread; yields it and its URL."""
    script = ServiceScript(begin)
    with serve_in_thread(ScriptedHttpService(script)) as url:
        yield script, url
