"""Which failures are known, and which logs are read to find out."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.errors import ResourceNotFound, ServerError
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import Run, RunKey, RunRecord
from nodion_tui.monitor.insight.ending_lines import telling_lines
from nodion_tui.monitor.insight.failure_causes import FailureCauses
from nodion_tui.monitor.insight.failure_groups import FailureCause, LogEndings
from nodion_tui.monitor.insight.failure_reader import MAX_PAGES, FailureReader
from nodion_tui.monitor.log.source import LogSource
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.storage.known_failures import FILE_NAME, KnownFailureFile, Lasting
from tests.support.running import wait_for_change

AT = datetime(2026, 1, 15, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
REFUSED = FailureCause(4, ("ERROR refused",), "")


def ended(number: int, hours: float, status: str = "failed", code: int | None = 4) -> Run:
    """A run that ended some hours after the acknowledgement."""
    end = AT + hours * HOUR
    return RunRecord(
        id=f"{number}",
        runner_id="r",
        status=status,
        exit_code=code,
        created_at=end - HOUR / 2,
        completed_at=end,
    ).run


class Pages(LogSource):
    """Logs by run id, in pages of one line; says which were asked for."""

    def __init__(self, **logs: list[str] | Exception) -> None:
        self.logs = logs
        self.asked: list[str] = []

    def follow(
        self, key: RunKey, after_id: str | None, seen: LineIdSet
    ) -> AsyncGenerator[FollowEvent, None]:
        raise NotImplementedError  # only ends of logs are read

    async def page(self, key: RunKey, after_id: str | None) -> Listing[LogLine]:
        self.asked.append(key.run_id)
        log = self.logs[f"run_{key.run_id}"]
        if isinstance(log, Exception):
            raise log
        position = 0 if after_id is None else int(after_id) + 1
        return Listing(tuple(LogLine(str(position), each) for each in log[position : position + 1]))


class Desk:
    """Failures whose logs a reader reads."""

    def __init__(self, *runs: Run, pages: Pages, file: KnownFailureFile | None = None) -> None:
        self.runs, self.endings, self.pages = KnownRuns(), LogEndings(), pages
        self.runs.apply_runs("r", Listing(runs))
        self.causes = FailureCauses(self.runs, self.endings, {"p": ""}, file)
        self.granted = 0
        self.reader = FailureReader(
            self.runs,
            self.causes,
            self.endings,
            pages,
            self._grant,
            lambda _run: False,
            seconds_per_request=0,
        )

    async def _grant(self) -> None:
        self.granted += 1

    async def until_read(self) -> None:
        """Let the reader read all that it wants to."""
        reading = asyncio.create_task(self.reader.run())
        await wait_for_change(
            self.runs.subscribe, lambda: not any(map(self.reader.is_pending, self.runs.all_runs()))
        )
        reading.cancel()
        await asyncio.wait((reading,))


@pytest.fixture
async def desk() -> Desk:
    pages = Pages(
        run_1=["start", "ERROR refused", "bye"],
        run_2=["ERROR full"],
        run_3=["ERROR refused"],
        run_4=["ERROR refused"],
    )
    return Desk(ended(1, -2), ended(2, -1), ended(3, -0.5), ended(4, -3, code=9), pages=pages)


async def test_nothing_is_read_until_a_cause_is_acknowledged_or_looked_at(desk: Desk) -> None:
    assert list(desk.causes.unread(9)) == []
    await desk.causes.acknowledge(REFUSED, at=AT, lasts=Lasting.FOREVER, note="")
    await desk.until_read()
    assert desk.pages.asked == ["3", "3", "2", "2", "1", "1", "1", "1"]
    assert desk.granted == len(desk.pages.asked)
    known = {run.id for run in desk.runs.all_runs() if desk.causes.is_known(run)}
    assert known == {"1", "3"}
    desk.causes.want("a list", wanted=True)
    await desk.until_read()
    assert desk.pages.asked[8:] == ["4", "4"]
    new, also_new, acknowledged = desk.causes.families()
    assert [len(each.group.runs) for each in (new, also_new, acknowledged)] == [1, 1, 2]
    assert acknowledged.group.cause == REFUSED
    assert acknowledged.known is not None
    assert (new.new, acknowledged.new) == (1, 0)


async def test_those_whose_state_changes_are_told(desk: Desk) -> None:
    desk.causes.want("a list", wanted=True)
    await desk.until_read()
    told: list[frozenset[RunKey]] = []
    desk.runs.subscribe(lambda changes: told.append(changes.runs))
    await desk.causes.acknowledge(REFUSED, at=AT, lasts=Lasting.FOREVER, note="")
    await desk.causes.withdraw(REFUSED)
    both = frozenset({RunKey("r", "1"), RunKey("r", "3")})
    assert told == [both, both]


async def test_another_failure_after_the_next_success_is_new_also_when_that_is_listed_no_more(
    tmp_path: Path,
) -> None:
    file = KnownFailureFile(tmp_path)
    again = {f"run_{number}": ["ERROR refused"] for number in (1, 2, 4)}
    runs = (ended(1, -1), ended(2, 1), ended(3, 2, "succeeded", 0), ended(4, 3))
    desk = Desk(*runs, pages=Pages(**again), file=file)
    await desk.causes.acknowledge(REFUSED, at=AT, lasts=Lasting.SUCCESS, note="")
    await desk.until_read()
    assert [desk.causes.is_known(run) for run in runs] == [True, True, False, False]
    await desk.causes._store_successes(file)
    later = Desk(runs[1], runs[3], pages=desk.pages, file=file)
    await later.causes.load()
    await later.until_read()
    assert [later.causes.is_known(run) for run in (runs[1], runs[3])] == [True, False]


async def test_what_another_dashboard_acknowledges_counts_for_the_profile(tmp_path: Path) -> None:
    pages = Pages(run_1=["ERROR refused"])
    here, there = (
        Desk(ended(1, -1), pages=pages, file=KnownFailureFile(tmp_path)) for _ in range(2)
    )
    other_profile = FailureCauses(KnownRuns(), LogEndings(), {"q": ""}, KnownFailureFile(tmp_path))
    await here.causes.acknowledge(REFUSED, at=AT, lasts=Lasting.FOREVER, note="T-7")
    await there.causes.load()
    await other_profile.load()
    assert [known.note for known in there.causes.acknowledged] == ["T-7"]
    assert other_profile.acknowledged == ()


async def test_what_cannot_be_saved_counts_here_and_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("mine = true\n")
    desk = Desk(ended(1, -1), pages=Pages(), file=KnownFailureFile(tmp_path))
    with pytest.raises(OSError, match="did not write it"):
        await desk.causes.acknowledge(REFUSED, at=AT, lasts=Lasting.FOREVER, note="")
    await desk.causes.load()
    assert [known.cause for known in desk.causes.acknowledged] == [tuple(REFUSED)[:3]]
    assert "did not write it" in desk.causes.notice
    await desk.causes.load()
    (tmp_path / FILE_NAME).unlink()
    await desk.causes.acknowledge(REFUSED, at=AT, lasts=Lasting.WEEK, note="")
    assert desk.causes.notice == ""


async def test_a_log_that_is_too_long_or_gone_is_given_up_and_its_failure_is_new() -> None:
    gone = ResourceNotFound("gone", status=410, endpoint="GET logs")
    pages = Pages(run_1=["line"] * 9, run_2=gone, run_3=["1", "2", "ERROR refused"])
    desk = Desk(ended(1, -1), ended(2, -2), ended(3, -3), pages=pages)
    desk.causes.want("a list", wanted=True)
    await desk.until_read()
    assert pages.asked == ["1"] * (MAX_PAGES + 1) + ["2"] + ["3"] * 4
    assert [desk.causes.is_read(run) for run in desk.runs.all_runs()] == [False, False, True]


async def test_an_outage_gives_up_nothing() -> None:
    pages = Pages(run_1=ServerError("no", status=503, endpoint="GET logs"))
    desk = Desk(ended(1, -1), pages=pages)
    desk.causes.want("a list", wanted=True)
    (run,) = desk.runs.all_runs()
    assert not await desk.reader._try(run)
    assert desk.reader.is_pending(run)


def test_errors_tell_the_cause_not_what_is_printed_after_them() -> None:
    lines = ["ERROR attempt 1 refused", "ERROR attempt 2 refused", "FATAL giving up", "bye 1"]
    assert telling_lines(lines) == ["ERROR attempt 2 refused", "FATAL giving up"]
    assert telling_lines(["a", "b", "c", "d"]) == ["b", "c", "d"]
    assert telling_lines([]) == []
    assert telling_lines(["Pulling a:1", "========> Executing command"]) == []
    assert telling_lines(["Pulling a:1", "========> Executing command", "a"]) == ["a"]
    assert telling_lines(["Pulling a:1", "no such image"]) == ["Pulling a:1", "no such image"]


def test_what_looks_like_a_secret_is_masked() -> None:
    endings = LogEndings()
    endings.record(RunKey("r", "1"), ["ERROR login failed, password=hunter2"])
    assert "hunter2" not in endings.shapes(RunKey("r", "1"))[0]
