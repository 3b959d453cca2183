"""Stateful test: random sequences of requests and restarts, compared with a model.

The model contains all runs and every line ever received, by id; ids, order and states must stay
consistent, including after kills and restarts.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.wire import Wire, connect

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
SECONDS = 20
STEPS_BETWEEN_RESTARTS = 8
"""Minimum, so that there are runs to restart with and less time is spent on starts."""
COMMANDS = {
    "short": "echo a; echo b; echo c",
    "failing": "echo x; exit 3",
    "long": "seq 700; sleep 0.05; seq 701 1400",
    "endless": "echo up; while :; do sleep 0.02; echo tick; done",
    "silent": "exec sleep 60",
}
ENDS = {"short": ("succeeded", 0), "failing": ("failed", 3), "long": ("succeeded", 0)}
FINAL = {"succeeded", "failed", "canceled"}
LATER = {"pending": 0, "running": 1, "succeeded": 2, "failed": 2, "canceled": 2}

POSITIONS = st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0, 1)


class ObservedRun:
    """What was observed of one run so far."""

    def __init__(self, run: dict[str, Any], kind: str) -> None:
        self.run = run
        self.kind = kind
        self.status = "pending"
        self.lines: dict[str, str] = {}
        self.stopped = False
        self.may_have_died = False
        self.complete = False

    def line_at(self, position: float | None) -> str | None:
        """Return the id of a received line, first (0) to last (1); None for no line."""
        if position is None or not self.lines:
            return None
        ids = list(self.lines)
        return ids[round(position * (len(ids) - 1))]

    def check_run(self, run: dict[str, Any]) -> None:
        """Check that the status only moves forward and a final one stays."""
        assert run["id"] == self.run["id"]
        before, now = self.status, run["status"]
        assert LATER[now] >= LATER[before]
        assert before not in FINAL or now == before
        assert run["argv"] == []
        assert run["command"] == COMMANDS[self.kind]
        if now in FINAL:
            assert run["completed_at"] >= run["created_at"]
            self._right_end(now, run["exit_code"])
        self.status = now

    def _right_end(self, status: str, code: int | None) -> None:
        if status == "canceled":
            assert self.stopped
        elif not (self.may_have_died and code is None):
            assert ENDS[self.kind] == (status, code)

    def check_lines(self, lines: list[dict[str, Any]], after: str | None) -> None:
        """Check that every received line keeps its id and position."""
        ids = list(self.lines)
        start = ids.index(after) + 1 if after else 0
        for line, expected in zip(lines, ids[start:], strict=False):
            assert line["id"] == expected
        for line in lines:
            assert self.lines.setdefault(line["id"], line["body"]) == line["body"]
        assert not self.complete or len(self.lines) == len(ids)
        assert len(lines) == len({line["id"] for line in lines})


class EngineMachine(RuleBasedStateMachine):
    """Drives an engine in a child process."""

    runs: Bundle[ObservedRun] = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.observed_runs: list[ObservedRun] = []
        self.steps_since_start = 0
        self.runner = RunnerSpec(name="Any", run_command="true")
        self.settings = EngineSettings(
            data_dir=Path(self.folder.name) / "data",
            runners=(self.runner,),
            max_running=3,
            page_size=50,
            stop_seconds=0.2,
            shutdown_seconds=0.1,
        )

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(asyncio.wait_for(work, SECONDS))

    @initialize()
    def start(self) -> None:
        self.do(self._start())

    async def _start(self) -> None:
        self.server = ChildEngine(self.settings)
        await self.server.__aenter__()
        self.http: httpx.AsyncClient = connect(self.server.url, self.server.key)
        self.wire = Wire(self.http, lambda _: self.runner.api_id)

    async def _end(self) -> None:
        await self.http.aclose()
        await self.server.__aexit__(None, None, None)

    @rule(target=runs, kind=st.sampled_from(sorted(COMMANDS)))
    def trigger(self, kind: str) -> Any:
        if len(self.observed_runs) >= 12:
            return multiple()
        run = self.do(self.wire.trigger("Any", command=COMMANDS[kind]))
        self.observed_runs.append(observed := ObservedRun(run, kind))
        return observed

    @rule(observed=runs)
    def get(self, observed: ObservedRun) -> None:
        observed.check_run(self.do(self.wire.get(observed.run)))

    @rule(observed=runs)
    def stop(self, observed: ObservedRun) -> None:
        observed.stopped = True
        observed.check_run(self.do(self.wire.stop(observed.run)))
        assert observed.status in FINAL

    @rule(observed=runs, position=POSITIONS)
    def page(self, observed: ObservedRun, position: float | None) -> None:
        after = observed.line_at(position)
        query = {"after_id": after} if after else {}
        lines = self.do(self.wire.logs(observed.run, **query))
        assert len(lines) <= 50
        observed.check_lines(lines, after)

    @rule(observed=runs, position=POSITIONS, budget=st.integers(1, 900))
    def stream_a_while(self, observed: ObservedRun, position: float | None, budget: int) -> None:
        after = observed.line_at(position)
        lines, state = self.do(self._stream(observed, after, budget))
        observed.check_lines(lines, after)
        if state:
            observed.complete = True
            observed.check_run({**observed.run, **state, "completed_at": state["completed_at"]})

    async def _stream(
        self, observed: ObservedRun, after: str | None, budget: int
    ) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        query = {"after_id": after} if after else {}
        lines: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(0.1):
                async for event, data in self.wire.events(observed.run, **query):
                    if event == "state":
                        return lines, data
                    lines.append(data)
                    if len(lines) >= budget:
                        break
        except TimeoutError:
            pass
        return lines, None

    @rule(observed=consumes(runs))
    def follow_to_the_end(self, observed: ObservedRun) -> None:
        if observed.kind in {"endless", "silent"} and observed.status not in FINAL:
            observed.stopped = True
            self.do(self.wire.stop(observed.run))
        followed = self.do(self.wire.follow(observed.run))
        observed.check_lines(followed.lines, None)
        observed.check_run(self.do(self.wire.get(observed.run)))
        assert observed.status in FINAL
        assert len(observed.lines) == len(followed.lines)
        if observed.status == "succeeded" and observed.kind == "long":
            assert followed.bodies[1:] == [str(number) for number in range(1, 1401)]

    @precondition(lambda self: self.steps_since_start >= STEPS_BETWEEN_RESTARTS)
    @rule(kill=st.booleans())
    def restart(self, *, kill: bool) -> None:
        self.steps_since_start = 0
        for observed in self.observed_runs:
            observed.may_have_died = observed.may_have_died or observed.status not in FINAL
        self.do(self._restart(kill=kill))

    async def _restart(self, *, kill: bool) -> None:
        if kill:
            self.server.process.kill()
            self.server.process.wait()
        await self._end()
        await self._start()

    @invariant()
    def list_is_newest_first_and_complete(self) -> None:
        if not hasattr(self, "wire"):
            return
        self.steps_since_start += 1
        answer = self.do(self.http.get(f"/runners/{self.runner.api_id}/runs")).json()["runs"]
        by_id = {observed.run["id"]: observed for observed in self.observed_runs}
        assert [run["id"] for run in answer] == list(reversed(by_id))
        for run in answer:
            by_id[run["id"]].check_run(run)
        assert sum(run["status"] == "running" for run in answer) <= 3

    def teardown(self) -> None:
        if hasattr(self, "wire"):
            self.do(self._end())
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        self.folder.cleanup()


def engine_test_case(examples: int, steps: int) -> Any:
    """Make a test case with a number of random sequences and a maximum number of steps each."""
    case = EngineMachine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return case
