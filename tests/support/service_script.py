"""A service whose runs and logs a test changes as it goes, and whose clock it moves.

Everything is told as the canned service tells it; streams bring what is written while they are
open. A test calls `Stage` from its own thread.
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
    """Runners, runs and logs, and how they change.

    Args:
        begin: what there is at first.
    """

    def __init__(self, begin: Canned) -> None:
        self.runners = list(begin.runners)
        self.runs = {
            runner["id"]: list(begin.runs.get(runner["id"], ())) for runner in self.runners
        }
        self.logs = {run: list(lines) for run, lines in begin.logs.items()}
        self.passed = 0.0
        """Seconds since the begin."""
        self._number = 1000

    def next_number(self) -> int:
        """A number that nothing has yet."""
        self._number += 1
        return self._number

    def begin_run(self, runner: int, **fields: object) -> Json:
        """A runner's new run, running."""
        run = canned.run(self.next_number(), "running", -self.passed, None) | fields
        self.runs[self.runners[runner]["id"]].insert(0, run)
        return run

    def end_run(self, runner: int, status: str, code: int | None) -> None:
        """The newest run of a runner that is running ends."""
        runs = self.runs[self.runners[runner]["id"]]
        for place, run in enumerate(runs):
            if run["status"] == "running":
                at = canned.stamp(-self.passed)
                ended = {"status": status, "exit_code": code, "completed_at": at, "updated_at": at}
                runs[place] = run | ended
                return

    def forget_run(self, runner: int) -> None:
        """The newest run of a runner is listed no more."""
        runs = self.runs[self.runners[runner]["id"]]
        if runs:
            del runs[0]

    def write(self, run: str, *bodies: str) -> int:
        """Lines of a run's log; how many there are then."""
        lines = self.logs.setdefault(run, [])
        new = [canned.log_line(self.next_number(), body, -self.passed) for body in bodies]
        self.logs[run] = [*lines, *new]
        return len(self.logs[run])


class ScriptedHttpService(CannedService):
    """Serves a stage."""

    def __init__(self, stage: ServiceScript) -> None:
        super().__init__(Canned())
        self._stage = stage

    async def _answer(self, target: str, writer: asyncio.StreamWriter) -> None:
        stage = self._stage
        self._canned = Canned(stage.runners, stage.runs, stage.logs)
        await super()._answer(target, writer)

    def _now(self) -> datetime:
        return NOW + timedelta(seconds=self._stage.passed)

    async def _stream(self, target: str, writer: asyncio.StreamWriter) -> None:
        """What comes behind `after_id`, as long as the run goes on."""
        path, _, query = target.partition("?")
        *_, runner, _, run, _, _ = path.split("/")
        writer.write(self._head(200, "text/event-stream", "Connection: close\r\n") + b": ping\n\n")
        sent = self._place(run, query)
        while True:
            lines = self._stage.logs.get(run, [])
            for line in lines[sent:]:
                payload = {name: line[name] for name in ("id", "body", "log_level", "created_at")}
                writer.write(b"event: log\ndata: " + json.dumps(payload).encode() + b"\n\n")
            sent = len(lines)
            found = [each for each in self._stage.runs.get(runner, ()) if each["id"] == run]
            if found and found[0]["completed_at"]:
                names = ("status", "exit_code", "started_at", "completed_at")
                state = {name: found[0][name] for name in names}
                writer.write(b"event: state\ndata: " + json.dumps(state).encode() + b"\n\n")
                await writer.drain()
                raise ConnectionError
            await writer.drain()
            await asyncio.sleep(0.01)

    def _page(self, run: str, query: str) -> list[Json]:
        return list(self._stage.logs.get(run, ()))[self._place(run, query) :]

    def _place(self, run: str, query: str) -> int:
        """How many lines a request has already."""
        after = query.partition("after_id=")[2]
        ids = [line["id"] for line in self._stage.logs.get(run, ())]
        return ids.index(after) + 1 if after in ids else 0


@contextmanager
def serve_scripted(begin: Canned) -> Iterator[tuple[ServiceScript, str]]:
    """A stage and the address where it is served, in a thread of its own."""
    stage = ServiceScript(begin)
    with serve_in_thread(ScriptedHttpService(stage)) as url:
        yield stage, url
