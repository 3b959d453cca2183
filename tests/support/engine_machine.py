"""Random sequences of everything that can happen to an engine, against a model of it.

The model knows which runs there are and every line that was ever told, by id; whatever happens,
kills and restarts included, ids, order and states must hold.
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
"""At least: so that there is something to restart with, and time goes to more than starting."""
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

PLACES = st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0, 1)


class ObservedRun:
    """What was said about one run so far."""

    def __init__(self, run: dict[str, Any], kind: str) -> None:
        self.run = run
        self.kind = kind
        self.status = "pending"
        self.lines: dict[str, str] = {}
        self.stopped = False
        self.may_have_died = False
        self.complete = False

    def line_at(self, place: float | None) -> str | None:
        """The id of a known line, from the first (0) to the last (1); None for no line."""
        if place is None or not self.lines:
            return None
        known = list(self.lines)
        return known[round(place * (len(known) - 1))]

    def check_run(self, run: dict[str, Any]) -> None:
        """A status only ever goes forward, and a final one stays."""
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
        """Every line that was told stays, under its id, at its place."""
        known = list(self.lines)
        start = known.index(after) + 1 if after else 0
        for line, expected in zip(lines, known[start:], strict=False):
            assert line["id"] == expected
        for line in lines:
            assert self.lines.setdefault(line["id"], line["body"]) == line["body"]
        assert not self.complete or len(self.lines) == len(known)
        assert len(lines) == len({line["id"] for line in lines})


class EngineMachine(RuleBasedStateMachine):
    """Drives an engine in a process of its own."""

    runs: Bundle[ObservedRun] = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.told: list[ObservedRun] = []
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
        if len(self.told) >= 12:
            return multiple()
        run = self.do(self.wire.trigger("Any", command=COMMANDS[kind]))
        self.told.append(told := ObservedRun(run, kind))
        return told

    @rule(told=runs)
    def get(self, told: ObservedRun) -> None:
        told.check_run(self.do(self.wire.get(told.run)))

    @rule(told=runs)
    def stop(self, told: ObservedRun) -> None:
        told.stopped = True
        told.check_run(self.do(self.wire.stop(told.run)))
        assert told.status in FINAL

    @rule(told=runs, place=PLACES)
    def page(self, told: ObservedRun, place: float | None) -> None:
        after = told.line_at(place)
        query = {"after_id": after} if after else {}
        lines = self.do(self.wire.logs(told.run, **query))
        assert len(lines) <= 50
        told.check_lines(lines, after)

    @rule(told=runs, place=PLACES, budget=st.integers(1, 900))
    def stream_a_while(self, told: ObservedRun, place: float | None, budget: int) -> None:
        after = told.line_at(place)
        lines, state = self.do(self._stream(told, after, budget))
        told.check_lines(lines, after)
        if state:
            told.complete = True
            told.check_run({**told.run, **state, "completed_at": state["completed_at"]})

    async def _stream(
        self, told: ObservedRun, after: str | None, budget: int
    ) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        query = {"after_id": after} if after else {}
        lines: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(0.1):
                async for event, data in self.wire.events(told.run, **query):
                    if event == "state":
                        return lines, data
                    lines.append(data)
                    if len(lines) >= budget:
                        break
        except TimeoutError:
            pass
        return lines, None

    @rule(told=consumes(runs))
    def follow_to_the_end(self, told: ObservedRun) -> None:
        if told.kind in {"endless", "silent"} and told.status not in FINAL:
            told.stopped = True
            self.do(self.wire.stop(told.run))
        followed = self.do(self.wire.follow(told.run))
        told.check_lines(followed.lines, None)
        told.check_run(self.do(self.wire.get(told.run)))
        assert told.status in FINAL
        assert len(told.lines) == len(followed.lines)
        if told.status == "succeeded" and told.kind == "long":
            assert followed.bodies[1:] == [str(number) for number in range(1, 1401)]

    @precondition(lambda self: self.steps_since_start >= STEPS_BETWEEN_RESTARTS)
    @rule(brutally=st.booleans())
    def restart(self, *, brutally: bool) -> None:
        self.steps_since_start = 0
        for told in self.told:
            told.may_have_died = told.may_have_died or told.status not in FINAL
        self.do(self._restart(brutally=brutally))

    async def _restart(self, *, brutally: bool) -> None:
        if brutally:
            self.server._process.kill()
            await self.server._process.wait()
        await self._end()
        await self._start()

    @invariant()
    def list_is_newest_first_and_complete(self) -> None:
        if not hasattr(self, "wire"):
            return
        self.steps_since_start += 1
        answer = self.do(self.http.get(f"/runners/{self.runner.api_id}/runs")).json()["runs"]
        by_id = {told.run["id"]: told for told in self.told}
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
    """A test case of so many random sequences, each of at most so many steps."""
    case = EngineMachine.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return case
